import { organizes } from '../hub/rights';
import type { Load, Manifest, PageProps } from '../shell/manifest';
import { t } from './labels';
import type {} from './slots';

const organize: Load<PageProps> = () => import('./organize');

/** Setting up an event. */
export default {
  routes: [
    { pattern: '/create', frame: 'plain', load: () => import('./create') },
    { pattern: '/invitations', frame: 'plain', load: () => import('./invitations') },
    { pattern: '/e/:slug/organize', frame: 'event', load: organize },
    { pattern: '/e/:slug/organize/:section', frame: 'event', load: organize },
  ],
  places: [{ path: ['organize'], label: () => t('place'), icon: 'organize', group: 'staff', shown: organizes }],
  panels: {
    organize: [
      { name: 'overview', label: () => t('overview'), load: () => import('./overview') },
      { name: 'rooms', label: () => t('rooms'), load: () => import('./room-list') },
      { name: 'tickets', label: () => t('tickets'), load: () => import('./tickets') },
      { name: 'questions', label: () => t('questions'), load: () => import('./questions') },
      { name: 'import', label: () => t('import'), load: () => import('./import') },
      { name: 'roles', label: () => t('roles'), load: () => import('./roles') },
      { name: 'registrations', label: () => t('registrations'), load: () => import('./registrations') },
    ],
  },
  texts: import.meta.glob('./texts/*.ts'),
} satisfies Manifest;
