import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/choices.css';
import './styles/components.css';
import './styles/feedback.css';
import './styles/overlays.css';
import './styles/navigation.css';
import './styles/shell.css';
import './styles/forced-colors.css';
import { App } from './frame/app';
import { startRouter } from './router';
import { loadMe } from './state/me';
import { firstLanguage, followTheme } from './state/preferences';
import { setLanguage } from './texts';

followTheme();
startRouter();
void loadMe();
// Without its texts a language cannot be shown; if they do not come, English is better than an empty page.
await setLanguage(firstLanguage()).catch(() => setLanguage('en'));
render(<App />, document.getElementById('app')!);
