import { parentPort } from 'node:worker_threads'
import { type BatchRequest, createBatchHandler } from './protocol.ts'

const handle = createBatchHandler()
parentPort?.on('message', (request: BatchRequest) => parentPort?.postMessage(handle(request)))
