import { expect, test, vi } from 'vitest'
import { startServiceWorker } from '../../src/service-worker/precache.ts'

/** Caches of one origin, as far as a service worker uses them. */
function createScope() {
  const caches = new Map<string, Set<string>>([
    ['status-stack-web old', new Set()],
    ['of another program', new Set()]
  ])
  const handlers = new Map<string, (event: never) => void>()
  const claim = vi.fn(async () => undefined)
  const scope = {
    location: { href: 'https://app.example/web/sw.js' },
    clients: { claim },
    caches: {
      keys: async () => [...caches.keys()],
      delete: async (name: string) => caches.delete(name),
      open: async (name: string) => {
        const urls = caches.get(name) ?? new Set()
        caches.set(name, urls)
        return {
          addAll: async (requests: readonly Request[]) => {
            for (const { url } of requests) urls.add(url)
          },
          match: async (url: string) => (urls.has(url) ? new Response(url) : undefined)
        }
      }
    },
    addEventListener: (type: string, handler: (event: never) => void) => void handlers.set(type, handler)
  }
  const fire = async (type: string, request?: object): Promise<Response | undefined> => {
    const waits: Promise<unknown>[] = []
    let answer: Promise<Response> | undefined
    handlers.get(type)?.({
      request,
      waitUntil: (work: Promise<unknown>) => waits.push(work),
      respondWith: (response: Promise<Response>) => {
        answer = response
      }
    } as never)
    await Promise.all(waits)
    return answer
  }
  return { scope, caches, fire, claim }
}

test('the files of one build are kept, older builds are deleted, everything else goes to the network', async () => {
  const { scope, caches, fire, claim } = createScope()
  startServiceWorker(scope as never, { version: 'new', files: ['index.html', 'assets/a.js'] })
  await fire('install')
  expect([...(caches.get('status-stack-web new') ?? [])]).toEqual([
    'https://app.example/web/index.html',
    'https://app.example/web/assets/a.js'
  ])
  await fire('activate')
  expect([...caches.keys()]).toEqual(['of another program', 'status-stack-web new'])
  expect(claim).toHaveBeenCalledOnce()
  const ask = async (url: string, mode = 'cors', method = 'GET') => (await fire('fetch', { url, mode, method }))?.text()
  expect(await ask('https://app.example/web/assets/a.js')).toBe('https://app.example/web/assets/a.js')
  expect(await ask('https://app.example/web/?x#y', 'navigate')).toBe('https://app.example/web/index.html')
  for (const url of [
    'https://app.example/web/node.json',
    'https://other.example/web/assets/a.js',
    'https://app.example/'
  ])
    expect(await ask(url, 'navigate'), url).toBeUndefined()
  expect(await ask('https://app.example/web/assets/a.js', 'cors', 'POST')).toBeUndefined()
})
