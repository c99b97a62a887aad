import { useSignal } from '@preact/signals';
import { moderatesSomewhere } from '../hub/rights';
import { live } from '../hub/live';
import type { PageProps } from '../shell/manifest';
import { eventStore } from '../hub/event';
import { t } from './texts';
import { Empty } from '../ui/empty';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { Tabs } from '../ui/tabs';
import { Audit } from './audit';
import { Held } from './held';
import { Sanctions } from './sanctions';
import '../ui/styles/lists.css';
import './moderate.css';

type Panel = 'sanctions' | 'audit';

/** Active sanctions and the audit log, for moderators. */
export default function Moderate({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const panel = useSignal<Panel>('sanctions');
  return (
    <div class="page">
      <PageHeading title={t('moderate.title')} event={store.event.value?.title}>
        {t('moderate.title')}
      </PageHeading>
      {!live.value?.hello.value ? (
        <Skeleton kind="row" lines={4} />
      ) : !moderatesSomewhere() ? (
        <Empty icon="lock" title={t('moderate.denied')} />
      ) : (
        <>
          <Held store={store} />
          <Tabs<Panel>
            label={t('moderate.title')}
            value={panel.value}
            onChange={(value) => (panel.value = value)}
            tabs={[
              { value: 'sanctions', label: t('moderate.sanctions') },
              { value: 'audit', label: t('moderate.audit') },
            ]}
          >
            {panel.value === 'sanctions' ? <Sanctions store={store} /> : <Audit store={store} />}
          </Tabs>
        </>
      )}
    </div>
  );
}
