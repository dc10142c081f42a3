import { existsSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'

const list = new URL('../.pages/sidebar.json', import.meta.url)
/** @type {{ group: string, text: string, link: string }[]} */
const collected = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
const group = (text, collapsed = true) => ({
  text,
  collapsed,
  items: collected.filter(page => page.group === text).map(({ text: title, link }) => ({ text: title, link }))
})

/** Headings get the names that they have in the repository's own view of the same text. */
const slugify = text =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')

// biome-ignore lint/style/noDefaultExport: VitePress reads it.
export default defineConfig({
  title: 'status-stack',
  description: 'The 2019 Status protocol in TypeScript: five layers, each usable alone',
  lang: 'en',
  srcDir: '.pages',
  outDir: 'dist',
  cleanUrls: true,
  // The reference is made by typedoc beside these pages; its links are followed in the built site.
  ignoreDeadLinks: [/^\/reference\//],
  // Texts of the repository are no components: `<id>` in one of them is text.
  markdown: { html: false, anchor: { slugify }, toc: { slugify } },
  vue: { template: { compilerOptions: {} } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Which package?', link: '/start/which-package' },
      { text: 'Tutorials', link: '/tutorials/ratchet-web-app' },
      { text: 'Protocol', link: '/protocol/' },
      { text: 'Threat model', link: '/threat-model' },
      { text: 'Reference', link: '/reference/index.html', target: '_self' }
    ],
    sidebar: [
      {
        text: 'Start',
        items: [
          { text: 'What this is', link: '/' },
          { text: 'Which package you need', link: '/start/which-package' },
          { text: 'How long it takes', link: '/start/how-long' }
        ]
      },
      group('Tutorials', false),
      group('How to'),
      group('Packages'),
      {
        text: 'Security',
        collapsed: false,
        items: [
          { text: 'Threat model', link: '/threat-model' },
          { text: 'What is promised', link: '/security' },
          { text: 'Limits', link: '/limits' }
        ]
      },
      group('Protocol'),
      group('Rules and tests'),
      group('Evidence'),
      group('Design', false),
      group('Decisions')
    ]
  }
})
