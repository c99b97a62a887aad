/**
 * Whether the browser keeps cookies for this site. Asked before a link is used up: without its cookie, the sign-in would
 * be gone with the answer.
 */
export function cookiesWork(): boolean {
  const probe = 'plenary-probe=1';
  const attributes = `Path=/; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`;
  try {
    document.cookie = `${probe}; ${attributes}; Max-Age=60`;
    const works = document.cookie.includes(probe);
    document.cookie = `plenary-probe=; ${attributes}; Max-Age=0`;
    return works;
  } catch {
    return false;
  }
}
