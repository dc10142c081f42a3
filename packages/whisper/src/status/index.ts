export { symmetricKeyOfName } from '../message/key-cache.ts'
export { topicOfName } from '../topic.ts'
export type { Arrival, Destination, Guarantee, ListenTarget } from './destination.ts'
export { createStatusLayer, type StatusLayer, type StatusLayerDeps } from './layer.ts'
export { guaranteeOf, planInterest, planRoute, statusPow, statusTtlSeconds } from './route.ts'
export {
  contactCodeName,
  negotiatedName,
  partitionedName,
  partitionOf,
  personalDiscoveryName
} from './topics.ts'
