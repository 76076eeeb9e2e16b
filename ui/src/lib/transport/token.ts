/** What somebody pasted, scanned or typed: a link with its token behind the #, or the code alone. */
export interface Token {
  /** Address of the server; empty where this page itself comes from it. */
  server: string;
  token: string;
}

export function readToken(text: string): Token {
  const trimmed = text.trim();
  try {
    const link = new URL(trimmed);
    const token = link.hash.slice(1) || (link.searchParams.get('token') ?? '');
    return { server: link.origin === location.origin ? '' : link.origin, token };
  } catch {
    return { server: '', token: trimmed.replaceAll(/[\s-]/g, '') };
  }
}
