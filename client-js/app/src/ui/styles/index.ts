// The styles that every page has, tokens first: they say in which order the layers of all the others come.
import './tokens.css';
import './base.css';
import './controls.css';
import './choices.css';
import './components.css';
import './feedback.css';
import './overlays.css';
import './forced-colors.css';
import '../../shell/navigation.css';
import '../../shell/shell.css';
