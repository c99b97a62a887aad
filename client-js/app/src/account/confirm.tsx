import { place } from '../lib/router';
import { goalOf } from './goal';
import { Dead, MailedLink } from './mailed-link';
import { useFragmentToken } from './token';

/** The mailed link that proves an address. */
export default function Confirm() {
  const goal = goalOf(place.value.search);
  const token = useFragmentToken();
  return token ? <MailedLink key={token} token={token} goal={goal} /> : <Dead goal={goal} />;
}
