interface PolicyFactory {
  readonly createPolicy: (name: string, rules: { readonly createScriptURL: (url: string) => string }) => unknown
}

/**
 * The one policy that the page's Content Security Policy allows: workers of the page's own origin, and nothing else that could become a
 * script or markup. Browsers without Trusted Types have nothing to set.
 */
export function installTrustedTypes(scope: {
  readonly trustedTypes?: PolicyFactory
  readonly location: { readonly href: string; readonly origin: string }
}): void {
  const { trustedTypes, location } = scope
  trustedTypes?.createPolicy('default', {
    createScriptURL: url => {
      if (new URL(url, location.href).origin !== location.origin) throw new TypeError('a script of another origin')
      return url
    }
  })
}
