import type { Card } from 'plenary-client/rest';

/** A stable hue for an id: the same person has the same colour everywhere. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + char.charCodeAt(0)) % 360;
  return hash;
}

/** First letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toUpperCase();
}

interface AvatarProps {
  person: Pick<Card, 'id' | 'name' | 'picture'>;
  size?: 'small' | 'medium' | 'large' | 'huge';
}

/** Picture or initials; hidden from screen readers, as the name is always beside it. */
export function Avatar({ person, size = 'medium' }: AvatarProps) {
  return (
    <span class="avatar" data-size={size} data-initials={person.picture ? undefined : initials(person.name)} style={{ '--hue': hueOf(person.id) }} aria-hidden="true">
      {person.picture && <img src={person.picture} alt="" loading="lazy" decoding="async" />}
    </span>
  );
}
