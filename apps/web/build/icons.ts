const dark = '#1d3557'
const bars = ['#f1faee', '#a8dadc', '#ffb703'] as const

/** A speech bubble of three layers, as SVG. A maskable icon keeps to the inner four fifths, which no system cuts off. */
function iconSvg(maskable: boolean): string {
  const scale = maskable ? 0.62 : 0.8
  const at = (512 - 512 * scale) / 2
  const layers = bars.map(
    (color, i) => `<rect x="96" y="${128 + i * 84}" width="${320 - i * 56}" height="48" rx="24" fill="${color}"/>`
  )
  const ground = maskable
    ? `<rect width="512" height="512" fill="${dark}"/>`
    : `<path d="M96 24h320a72 72 0 0 1 72 72v264a72 72 0 0 1-72 72H224l-104 68v-68H96a72 72 0 0 1-72-72V96a72 72 0 0 1 72-72z" fill="${dark}"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">${ground}<g transform="translate(${at} ${at}) scale(${scale})">${layers.join('')}</g></svg>\n`
}

/** Names and contents of what makes the page installable. */
export function installFiles(): Readonly<Record<string, string>> {
  const icon = (src: string, purpose: string) => ({ src, purpose, type: 'image/svg+xml', sizes: 'any' })
  const manifest = {
    name: 'Status Stack',
    short_name: 'Status Stack',
    description: 'A messenger and an inspector of the Status protocol of 2019',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: dark,
    theme_color: dark,
    icons: [icon('icon.svg', 'any'), icon('icon-maskable.svg', 'maskable')]
  }
  return {
    'icon.svg': iconSvg(false),
    'icon-maskable.svg': iconSvg(true),
    'manifest.webmanifest': `${JSON.stringify(manifest, undefined, 2)}\n`
  }
}
