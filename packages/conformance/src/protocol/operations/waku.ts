import type { OperationTable } from './table.ts'

export const wakuOperations: OperationTable = {
  'waku.json': {
    topic_from_bytes: {
      reproduce: 'topic'
    },
    topic_to_bloom: {
      reproduce: 'bloom bitsSet'
    },
    bloom_match: {
      reproduce: 'match'
    },
    bloom_is_full_node: {
      reproduce: 'fullNode'
    },
    envelope: {
      reproduce: { asks: 'hash size ttl pow', floats: 'pow' }
    },
    open: {
      decode: 'hash result payload padding signerPublicKey'
    },
    status_encode: {
      reproduce: 'payload'
    },
    status_update_encode: {
      reproduce: 'payload'
    },
    status_of_node: {
      reproduce: 'settings.fullNode payload'
    },
    v0_status_encode: {
      reproduce: 'code payload updatePayload'
    },
    status_receive: {
      decode: 'code accepted payloadKeccak256'
    },
    v0_status_receive: {
      decode: { asks: 'code', valid: { field: 'accepted' } }
    },
    status_update_receive: {
      decode: {
        asks: 'updates[].peer.confirmationsEnabled updates[].peer.fullNode updates[].peer.pow connectionKept',
        floats: 'updates[].peer.pow'
      }
    },
    mailserver_request: {
      reproduce: 'rlp',
      decode: 'valid'
    },
    p2p_request_validate: {
      reproduce: { asks: 'payload', valid: { field: 'valid' } }
    },
    packet_p2p_request: {
      decode: { asks: 'code connectionKept form envelopeHash', valid: { field: 'form' } }
    },
    rpc_json: {
      decode: 'accepted'
    },
    packet_messages: {
      decode: 'code batchHash envelopeHashes'
    },
    packet_messages_invalid: {
      decode: 'code pooled connectionKept'
    },
    packet_messages_response: {
      reproduce: 'responsePayload ackPayload version',
      decode: 'responseCode ackCode ackPayload batchHash'
    },
    packet_confirmation_receive: {
      decode: 'connectionKept errors acknowledged'
    },
    packet_p2p_message: {
      decode: 'code connectionKept pooled result delivered'
    },
    packet_p2p_request_complete: {
      decode: 'code connectionKept result requestId lastEnvelopeHash cursor requestError'
    },
    connection: {
      decode: 'connectionKept pooled'
    },
    node_accept: {
      decode: { asks: 'hash topic result pooled effectivePow', floats: 'effectivePow' }
    },
    filter_deliver: {
      decode: 'delivered pooled p2p'
    },
    forward: {
      decode: {
        asks: 'pool[].hash pool[].pow pool[].bloom pool[].topic pool[].expiry pool[].ttl sent',
        floats: 'pool[].pow',
        sets: 'sent'
      }
    },
    rate_limiter: {
      reproduce: 'packets[].exceedsIp packets[].exceedsPeer packets[].drop'
    },
    bridge: {
      decode: 'hash result inShh inWaku'
    }
  }
}
