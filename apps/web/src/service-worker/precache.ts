/** The files of one build of the page. */
export interface PrecacheList {
  /** Follows from the bytes of all files. */
  readonly version: string
  /** Paths relative to the service worker. */
  readonly files: readonly string[]
}

/** The part of a service worker's global scope that is needed. */
export interface WorkerScope {
  readonly location: { readonly href: string }
  readonly caches: CacheStorage
  readonly clients: { readonly claim: () => Promise<void> }
  readonly addEventListener: (type: 'install' | 'activate' | 'fetch', handler: (event: WorkerEvent) => void) => void
}

interface WorkerEvent {
  readonly request: Request
  readonly waitUntil: (work: Promise<unknown>) => void
  readonly respondWith: (response: Promise<Response>) => void
}

const prefix = 'status-stack-web '

/**
 * Keeps the files of one build, so that the page opens without a network. A new build is fetched beside the old one and takes over when
 * the last tab of the old one is closed: a page never gets files of two builds. Nothing but these files is ever kept.
 */
export function startServiceWorker(scope: WorkerScope, { version, files }: PrecacheList): void {
  const cacheName = prefix + version
  const base = new URL('./', scope.location.href).href
  const known = new Set(files.map(file => new URL(file, base).href))
  const index = new URL('index.html', base).href

  scope.addEventListener('install', event => {
    const requests = [...known].map(url => new Request(url, { cache: 'reload' }))
    event.waitUntil(scope.caches.open(cacheName).then(cache => cache.addAll(requests)))
  })

  scope.addEventListener('activate', event => {
    const clean = async (): Promise<void> => {
      const names = await scope.caches.keys()
      const old = names.filter(name => name.startsWith(prefix) && name !== cacheName)
      await Promise.all(old.map(name => scope.caches.delete(name)))
      await scope.clients.claim()
    }
    event.waitUntil(clean())
  })

  scope.addEventListener('fetch', event => {
    const { method, url, mode } = event.request
    if (method !== 'GET') return
    const [plain = ''] = url.split(/[?#]/, 1)
    const file = known.has(plain) ? plain : mode === 'navigate' && plain === base ? index : undefined
    if (file === undefined) return
    const answer = async (): Promise<Response> => {
      const cache = await scope.caches.open(cacheName)
      return (await cache.match(file)) ?? fetch(event.request)
    }
    event.respondWith(answer())
  })
}
