/**
 * Whether a text names a web origin as the servers compare it: `https://app.example:8443` as browsers send it, a host name for any
 * scheme and port, or `*` for every page. With a path or a slash at its end it would match no page.
 */
export const isOrigin = (text: string): boolean =>
  text === '*' ||
  /^(?:[a-z][a-z0-9+.-]*:\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?|\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/i.test(text)

/** An origin exactly as browsers write it, or `*`: what the carrier of peers compares with. */
export const isPageOrigin = (text: string): boolean =>
  text === '*' || (URL.canParse(text) && new URL(text).origin === text)
