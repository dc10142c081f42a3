const directives = {
  'default-src': "'none'",
  // WebAssembly searches for proof of work; without it the search is slower, not impossible.
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  // Pictures of messages are blobs; nothing is ever loaded from elsewhere.
  'img-src': "'self' blob:",
  'font-src': "'none'",
  // The page's own files, and the nodes that a person names.
  'connect-src': "'self' ws: wss:",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  // No text can become markup or a script: the browser refuses innerHTML and its kin.
  'require-trusted-types-for': "'script'",
  'trusted-types': 'default'
} as const

const written = Object.entries(directives).map(([name, value]) => `${name} ${value}`)

/** The policy that the page carries in itself, so that it also holds where a server sends no headers. */
export const contentSecurityPolicy: string = written.join('; ')

/**
 * Headers for every answer of a server of this page.
 *
 * @example
 * ```ts
 * for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
 * ```
 */
export const securityHeaders: Readonly<Record<string, string>> = Object.freeze({
  // What a page cannot say about itself: that no other may frame it.
  'content-security-policy': [...written, "frame-ancestors 'none'"].join('; '),
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY'
})
