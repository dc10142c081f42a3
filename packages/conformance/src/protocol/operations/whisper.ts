import type { OperationTable } from './table.ts'

export const whisperOperations: OperationTable = {
  'whisper-envelope.json': {
    valid: {
      reproduce: {
        asks: 'payloadLength payloadSizeFieldLength plaintext flags plaintextKeccak256 signature envelope.data dataKeccak256 envelope.nonce rlp hash dataLength size rlpWithoutNonce powDivisorRlpWithoutNonceLength powHash powLeadingZeroBits pow bloom',
        floats: 'pow'
      },
      decode: {
        asks: 'envelope.expiry envelope.ttl envelope.topic envelope.nonce envelope.data sentTimestamp hash dataLength size rlpWithoutNonce powDivisorRlpWithoutNonceLength powHash powLeadingZeroBits pow bloom payload padding signerPublicKey',
        floats: 'pow',
        hides:
          'plaintext plaintextKeccak256 dataKeccak256 signature flags payloadLength payloadSizeFieldLength paddingLength salt eciesEphemeralPrivateKey eciesIv signerPrivateKey powTarget powTargetBits'
      }
    },
    open: {
      decode: { asks: 'result payload padding signerPublicKey', hides: 'plaintext' }
    },
    rlp_decode: {
      decode: { asks: 'hash', valid: { field: 'decodes' } }
    },
    node_accept: {
      decode: { asks: 'hash size sent expiry ttl pow result effectivePow', floats: 'pow effectivePow' }
    }
  },
  'whisper-misc.json': {
    topic_from_bytes: {
      reproduce: 'topic'
    },
    topic_to_bloom: {
      reproduce: 'bloom bitsSet'
    },
    topics_to_bloom: {
      reproduce: 'bloom'
    },
    bloom_aggregate: {
      reproduce: 'bloom'
    },
    bloom_match: {
      reproduce: 'match'
    },
    bloom_is_full_node: {
      reproduce: 'fullNode'
    },
    envelope_pow: {
      reproduce: { asks: 'hash size ttl pow', floats: 'pow' }
    },
    pow_to_first_bit: {
      reproduce: 'bits'
    },
    sym_key_from_password: {
      reproduce: 'symKey'
    },
    mailserver_request: {
      reproduce: 'rlp'
    },
    mailserver_request_envelope: {
      decode: 'requestId topic symKey payload nodePublicKey mailserverPublicKey'
    },
    mailserver_db_key: {
      reproduce: 'key cursor'
    },
    packet_status_geth: {
      reproduce: 'code version payload',
      decode: { asks: 'pow bloom lightNode', floats: 'pow' }
    },
    packet_status_statusgo: {
      reproduce: 'code version payload',
      decode: { asks: 'pow bloom lightNode confirmationsEnabled', floats: 'pow' }
    },
    packet_status_receive: {
      decode: { asks: 'accepted peerPow peerFullNode peerBloom', floats: 'peerPow' }
    },
    packet_status_statusgo_receive: {
      decode: { asks: 'accepted peerPow peerFullNode peerBloom', floats: 'peerPow' }
    },
    packet_messages: {
      decode: 'code batchHash envelopeHashes'
    },
    packet_messages_response: {
      reproduce: 'responseCode version responsePayload ackCode ackPayload',
      decode: 'batchHash errors'
    },
    packet_batch_acknowledged: {
      reproduce: 'code payload',
      decode: 'batchHash'
    },
    packet_pow_requirement: {
      reproduce: 'code payload',
      decode: { asks: 'pow', floats: 'pow' }
    },
    packet_pow_requirement_invalid: {
      decode: { asks: '', valid: 'never' }
    },
    packet_bloom_filter: {
      reproduce: 'code payload',
      decode: 'bloom'
    },
    packet_bloom_filter_invalid: {
      decode: { asks: '', valid: 'never' }
    },
    packet_rate_limits: {
      reproduce: 'code payload',
      decode: 'ip peerId topic'
    },
    packet_p2p_message: {
      decode: 'code envelopeHashes'
    },
    packet_p2p_message_statusgo: {
      decode: 'code envelopeHashes'
    },
    packet_p2p_request: {
      decode: 'code envelopeHash'
    },
    packet_p2p_request_messages_request: {
      reproduce: 'code payload',
      decode: 'id from to limit cursor bloom'
    },
    packet_p2p_request_complete: {
      reproduce: 'code',
      decode: { asks: 'requestId requestError', valid: { field: 'valid' } }
    },
    packet_sync_request: {
      reproduce: 'code payload',
      decode: 'lower upper bloom limit cursor'
    },
    packet_sync_response: {
      decode: 'code envelopeHashes cursor final error'
    }
  },
  'status-topics.json': {
    public_chat: {
      reproduce: 'keccak256 topic symKey'
    },
    contact_code: {
      reproduce: 'topic symKey'
    },
    partitioned: {
      reproduce: 'partition topic'
    },
    personal_discovery: {
      reproduce: 'topic'
    },
    negotiated: {
      reproduce: 'sharedSecret topicInput topic symKey publicKeyA publicKeyB localFilterId'
    },
    discovery: {
      reproduce: 'topic'
    }
  }
}
