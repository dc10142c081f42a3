/**
 * The adapters to the packages of this stack, and the answering side of the line protocol over them; needs no file system.
 *
 * @packageDocumentation
 */
export { adapters } from './adapters/index.ts'
export { type AnswererOptions, createAnswerer } from './protocol/answer.ts'
