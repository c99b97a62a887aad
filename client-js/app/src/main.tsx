import { render } from 'preact';
import './ui/styles/tokens.css';
import './ui/styles/base.css';
import './ui/styles/controls.css';
import './ui/styles/components.css';
import './ui/styles/feedback.css';
import './shell/navigation.css';
import './shell/shell.css';
import './ui/styles/forced-colors.css';
import { loadMe } from './hub/me';
import { firstLanguage, followTheme } from './lib/preferences';
import { startRouter } from './lib/router';
import { App } from './shell/app';
import { capabilities } from './shell/list';
import { register } from './shell/registry';
import { setLanguage } from './texts';

followTheme();
startRouter();
void loadMe();
register(...capabilities);
// If the texts of a language cannot be loaded, English is better than an empty page.
await setLanguage(firstLanguage()).catch(() => setLanguage('en'));
render(<App />, document.getElementById('app')!);
// Nobody writes before the first page is there.
void import('./shell/low-screen').then(({ followKeyboard }) => followKeyboard());
