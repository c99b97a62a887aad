import type { Slots } from '../shell/manifest';
import { t } from './labels';

/** Tells guests how to take part. */
export default function GuestBanner({ store }: Slots['banner']) {
  return (
    <p class="banner">
      {t('guest')} <a href={store.link('register')}>{t('register')}</a>
    </p>
  );
}
