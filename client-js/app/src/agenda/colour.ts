import type { Track } from 'plenary-client/rest';

// Shared by tracks without a colour, assigned in the order of their names.
const palette = ['#2f7dd1', '#c2571a', '#7a52c7', '#1c8a6a', '#b8336a', '#8a7a12', '#3d6b8f', '#a2472f'];

/** The track's colour, if it is safe in CSS; otherwise a stable one of ours. */
export function trackColour(track: Pick<Track, 'id' | 'name' | 'color'>): string {
  if (track.color && /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(track.color)) return track.color;
  let hash = 0;
  for (const char of track.name) hash = (hash * 33 + char.charCodeAt(0)) >>> 0;
  return palette[hash % palette.length]!;
}
