import { t } from './texts';

export default function CoffeeSection() {
  return <h2>{t('coffee.budget')}</h2>;
}
