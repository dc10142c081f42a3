import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentSecurityPolicy } from '../../src/headers.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Every file of a build by its path. */
const filesIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
      .map(path => [path.slice(folder.length + 1), readFileSync(path, 'latin1')])
  )

describe('the built page', () => {
  let folder: string
  let files: Readonly<Record<string, string>>

  const buildInto = async (name: string): Promise<Readonly<Record<string, string>>> => {
    const outDir = join(folder, name)
    await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'error', build: { outDir } })
    return filesIn(outDir)
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'status-stack-web-'))
    files = await buildInto('first')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('is the same, byte by byte, when it is built again', async () => {
    expect(await buildInto('second')).toEqual(files)
  })

  test('carries its policy, and nothing inline that the policy would refuse', () => {
    const html = files['index.html'] ?? ''
    expect(html).toContain(contentSecurityPolicy)
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bon[a-z]+=|style=|https?:/)
  })

  test('names every file in its service worker', () => {
    const [, list] = /\{"version":"[0-9a-f]{16}","files":(\[[^\]]*\])\}/.exec(files['sw.js'] ?? '') ?? []
    expect(JSON.parse(list ?? '[]')).toEqual(Object.keys(files).filter(name => name !== 'sw.js'))
  })

  test('asks no other host for anything, and never makes markup of a text', () => {
    const code = Object.entries(files).flatMap(([name, text]) => (name.endsWith('.js') ? [text] : []))
    expect(code.length).toBeGreaterThan(2)
    for (const text of code) {
      // The namespaces of SVG and MathML, links that people are shown, and places of specifications are names, not requests.
      const hosts = new Set([...text.matchAll(/https?:\/\/([a-z0-9.-]+)/g)].map(([, host]) => host))
      for (const known of ['www.w3.org', 'join.status.im', 'get.status.im']) hosts.delete(known)
      expect([...hosts]).toEqual([])
      expect(text).not.toMatch(/eval\(|new Function\(|document\.write/)
    }
  })

  test('brings the notices of everything that is in it', () => {
    for (const name of ['preact', '@preact/signals', 'qr', '@noble/hashes', 'browser-level'])
      expect(files['licences.md']).toContain(`## ${name} - `)
  })

  test('is installable: a manifest with icons that are there', () => {
    const manifest = JSON.parse(files['manifest.webmanifest'] ?? '{}')
    expect(manifest).toMatchObject({ display: 'standalone', start_url: './' })
    for (const { src } of manifest.icons) expect(files[src]).toMatch(/^<svg /)
  })
})
