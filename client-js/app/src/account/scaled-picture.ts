/** The longest side of a picture that is sent, in pixels: it is shown at up to 96, on dense screens three times that, and cut to a square. */
const longestSide = 768;
/** The hub's limit, in bytes. */
const largestSent = 2 * 1024 * 1024;
/** The largest file that is decoded, in bytes: a larger one could crash the page on a phone. */
const largestRead = 50 * 1024 * 1024;
const quality = 0.9;

/** Why a file cannot be used as a picture. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  constructor(readonly reason: 'too_large' | 'unreadable') {
    super(reason);
  }
}

/** Width and height with the same proportions, no side longer than `longest`; a small picture stays as it is. */
export function fittedSize(width: number, height: number, longest: number): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Scales any picture that the browser can read to a size that can be sent: rotated according to its metadata, and
 * without that. Fails with a `PictureError`.
 */
export async function scaledPicture(file: Blob): Promise<Blob> {
  if (file.size > largestRead) throw new PictureError('too_large');
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw new PictureError('unreadable');
  });
  try {
    const { width, height } = fittedSize(picture.width, picture.height, longestSide);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, 0, 0, width, height);
    // A browser that cannot encode WebP writes PNG instead, which may be large.
    const small = await canvas.convertToBlob({ type: 'image/webp', quality });
    return small.size <= largestSent ? small : await canvas.convertToBlob({ type: 'image/jpeg', quality });
  } finally {
    picture.close();
  }
}
