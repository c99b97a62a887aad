import { isLong } from '../lib/lines';
import { Lazy } from '../shell/lazy';
import './message-text.css';

const richText = () => import('./rich-text');

/** A message's text. One with links, or a long one, takes more code, and reads as it is until that has come. */
export function MessageText({ text }: { text: string }) {
  const plain = <p class="chat-message-text">{isLong(text) ? text.slice(0, 400) : text}</p>;
  return isLong(text) || /https?:|www\.|\]\(/i.test(text) ? <Lazy load={richText} props={{ text }} waiting={plain} /> : plain;
}
