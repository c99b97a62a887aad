import './ui/styles';
import { render } from 'preact';
import { App } from './shell/app';
import { startRouter } from './lib/router';
import { loadMe } from './hub/me';
import { firstLanguage, followTheme } from './lib/preferences';
import { setLanguage } from './texts';

followTheme();
startRouter();
void loadMe();
// Without its texts a language cannot be shown; if they do not come, English is better than an empty page.
await setLanguage(firstLanguage()).catch(() => setLanguage('en'));
render(<App />, document.getElementById('app')!);
