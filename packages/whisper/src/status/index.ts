export { symmetricKeyOfName } from '../message/key-cache.ts'
export { topicOfName } from '../topic.ts'
export type { Arrival, Destination, Guarantee, Want } from './destination.ts'
export { createStatusLayer, type StatusLayerDeps } from './layer.ts'
export { guaranteeOf, planInterest, planRoute, statusPow, statusTtlSeconds } from './route.ts'
export {
  contactCodeName,
  negotiatedName,
  partitionedName,
  partitionOf,
  personalDiscoveryName
} from './topics.ts'
