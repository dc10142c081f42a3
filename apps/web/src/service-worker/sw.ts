import { type PrecacheList, startServiceWorker } from './precache.ts'

// The build puts the list of the page's files here.
declare const __PRECACHE__: PrecacheList

startServiceWorker(globalThis as never, __PRECACHE__)
