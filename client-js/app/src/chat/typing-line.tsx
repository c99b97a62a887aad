import type { ChannelView } from '../hub/channel-view';
import { t } from './texts';

/** "Ada and Grace are typing": only visible, as it changes too often to be read aloud. */
export function TypingLine({ view }: { view: ChannelView }) {
  const { names, more } = view.typing.value;
  const [a, b] = names;
  let text = '';
  if (more > 0 || names.length > 2) text = t('chat.typingMany', { names: names.slice(0, 2).join(', '), count: more + Math.max(0, names.length - 2) });
  else if (a && b) text = t('chat.typing2', { a, b });
  else if (a) text = t('chat.typing1', { a });
  return (
    <p class="chat-typing" aria-hidden="true" data-shown={text ? true : undefined}>
      {text}
    </p>
  );
}
