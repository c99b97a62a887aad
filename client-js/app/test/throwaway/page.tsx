import { eventStore } from '../../src/hub/event';
import type { PageProps } from '../../src/shell/manifest';
import { Button } from '../../src/ui/button';
import { PageHeading } from '../../src/ui/page';
import { brewing } from './state';
import { t } from './texts';

export default function CoffeePage({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  return (
    <div class="page">
      <PageHeading title={t('coffee.title')} event={store.event.value?.title}>
        {t('coffee.title')}
      </PageHeading>
      <Button onClick={() => (brewing.value = true)}>{t('coffee.brew')}</Button>
    </div>
  );
}
