export { callerOf, type RpcAnswer } from './caller.ts'
