import { t } from '../texts';
import { ButtonLink } from './button';
import { Icon } from './icon';
import { PageHeading } from './page';

/** The page for unknown addresses. */
export function NotFound() {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name="search" />
      </span>
      <PageHeading title={t('problem.notFound')}>{t('problem.notFound')}</PageHeading>
      <p class="empty-hint">{t('problem.notFoundHint')}</p>
      <div class="empty-actions">
        <ButtonLink href="/" tone="primary">
          {t('problem.toStart')}
        </ButtonLink>
      </div>
    </div>
  );
}
