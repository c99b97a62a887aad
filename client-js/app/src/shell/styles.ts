// The styles that every page has, tokens first: they say in which order the layers of all the others come.
import '../ui/styles/tokens.css';
import '../ui/styles/base.css';
import '../ui/styles/controls.css';
import '../ui/styles/choices.css';
import '../ui/styles/components.css';
import '../ui/styles/feedback.css';
import '../ui/styles/overlays.css';
import '../ui/styles/forced-colors.css';
import './navigation.css';
import './shell.css';
