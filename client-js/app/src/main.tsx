import './shell/styles';
import { render } from 'preact';
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
// Without its texts a language cannot be shown; if they do not come, English is better than an empty page.
await setLanguage(firstLanguage()).catch(() => setLanguage('en'));
render(<App />, document.getElementById('app')!);
