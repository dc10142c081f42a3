import { type BatchRequest, createBatchHandler } from './protocol.ts'

const handle = createBatchHandler()
globalThis.addEventListener('message', (event: MessageEvent<BatchRequest>) => {
  globalThis.postMessage(handle(event.data))
})
