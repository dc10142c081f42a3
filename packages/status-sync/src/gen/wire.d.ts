import type { protobuf as $protobuf } from "@status-stack/protobuf";
import type { Long } from "@status-stack/protobuf";

/** Namespace mvds. */
declare namespace mvds {

    /**
     * Properties of a Payload.
     * @deprecated Use mvds.Payload.$Properties instead.
     */
    interface IPayload extends mvds.Payload.$Properties {
    }

    /** Represents a Payload. */
    class Payload {

        /**
         * Constructs a new Payload.
         * @param [properties] Properties to set
         */
        constructor(properties?: mvds.Payload.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Payload acks. */
        acks: Uint8Array[];

        /** Payload offers. */
        offers: Uint8Array[];

        /** Payload requests. */
        requests: Uint8Array[];

        /** Payload messages. */
        messages: mvds.Message.$Properties[];

        /**
         * Encodes the specified Payload message. Does not implicitly {@link mvds.Payload.verify|verify} messages.
         * @param message Payload message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mvds.Payload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Payload message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mvds.Payload & mvds.Payload.$Shape} Payload
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mvds.Payload & mvds.Payload.$Shape;
    }

    namespace Payload {

        /** Properties of a Payload. */
        interface $Properties {

            /** Payload acks */
            acks?: (Uint8Array[]|null);

            /** Payload offers */
            offers?: (Uint8Array[]|null);

            /** Payload requests */
            requests?: (Uint8Array[]|null);

            /** Payload messages */
            messages?: (mvds.Message.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Payload. */
        type $Shape = mvds.Payload.$Properties;
    }

    /**
     * Properties of a Message.
     * @deprecated Use mvds.Message.$Properties instead.
     */
    interface IMessage extends mvds.Message.$Properties {
    }

    /** Represents a Message. */
    class Message {

        /**
         * Constructs a new Message.
         * @param [properties] Properties to set
         */
        constructor(properties?: mvds.Message.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Message groupId. */
        groupId: Uint8Array;

        /** Message timestamp. */
        timestamp: (number|Long);

        /** Message body. */
        body: Uint8Array;

        /**
         * Encodes the specified Message message. Does not implicitly {@link mvds.Message.verify|verify} messages.
         * @param message Message message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: mvds.Message.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Message message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {mvds.Message & mvds.Message.$Shape} Message
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): mvds.Message & mvds.Message.$Shape;
    }

    namespace Message {

        /** Properties of a Message. */
        interface $Properties {

            /** Message groupId */
            groupId?: (Uint8Array|null);

            /** Message timestamp */
            timestamp?: (number|Long|null);

            /** Message body */
            body?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Message. */
        type $Shape = mvds.Message.$Properties;
    }
}

/** Namespace stored. */
declare namespace stored {

    /**
     * Properties of a Record.
     * @deprecated Use stored.Record.$Properties instead.
     */
    interface IRecord extends stored.Record.$Properties {
    }

    /** Represents a Record. */
    class Record {

        /**
         * Constructs a new Record.
         * @param [properties] Properties to set
         */
        constructor(properties?: stored.Record.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Record version. */
        version: number;

        /** Record peer. */
        peer: Uint8Array;

        /** Record id. */
        id: Uint8Array;

        /** Record kind. */
        kind: number;

        /** Record tracking. */
        tracking: string;

        /** Record timestamp. */
        timestamp: (number|Long);

        /** Record size. */
        size: number;

        /** Record createdMs. */
        createdMs: number;

        /** Record count. */
        count: number;

        /** Record attempts. */
        attempts: number;

        /** Record lastAttemptMs. */
        lastAttemptMs: number;

        /** Record dueMs. */
        dueMs: number;

        /** Record held. */
        held: boolean;

        /** Record restarts. */
        restarts: number;

        /**
         * Encodes the specified Record message. Does not implicitly {@link stored.Record.verify|verify} messages.
         * @param message Record message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: stored.Record.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Record message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {stored.Record & stored.Record.$Shape} Record
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): stored.Record & stored.Record.$Shape;
    }

    namespace Record {

        /** Properties of a Record. */
        interface $Properties {

            /** Record version */
            version?: (number|null);

            /** Record peer */
            peer?: (Uint8Array|null);

            /** Record id */
            id?: (Uint8Array|null);

            /** Record kind */
            kind?: (number|null);

            /** Record tracking */
            tracking?: (string|null);

            /** Record timestamp */
            timestamp?: (number|Long|null);

            /** Record size */
            size?: (number|null);

            /** Record createdMs */
            createdMs?: (number|null);

            /** Record count */
            count?: (number|null);

            /** Record attempts */
            attempts?: (number|null);

            /** Record lastAttemptMs */
            lastAttemptMs?: (number|null);

            /** Record dueMs */
            dueMs?: (number|null);

            /** Record held */
            held?: (boolean|null);

            /** Record restarts */
            restarts?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Record. */
        type $Shape = stored.Record.$Properties;
    }

    /**
     * Properties of a Peer.
     * @deprecated Use stored.Peer.$Properties instead.
     */
    interface IPeer extends stored.Peer.$Properties {
    }

    /** Represents a Peer. */
    class Peer {

        /**
         * Constructs a new Peer.
         * @param [properties] Properties to set
         */
        constructor(properties?: stored.Peer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Peer version. */
        version: number;

        /** Peer peer. */
        peer: Uint8Array;

        /** Peer nextSlot. */
        nextSlot: number;

        /** Peer usedSlots. */
        usedSlots: number;

        /** Peer heardMs. */
        heardMs: number;

        /**
         * Encodes the specified Peer message. Does not implicitly {@link stored.Peer.verify|verify} messages.
         * @param message Peer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: stored.Peer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Peer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {stored.Peer & stored.Peer.$Shape} Peer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): stored.Peer & stored.Peer.$Shape;
    }

    namespace Peer {

        /** Properties of a Peer. */
        interface $Properties {

            /** Peer version */
            version?: (number|null);

            /** Peer peer */
            peer?: (Uint8Array|null);

            /** Peer nextSlot */
            nextSlot?: (number|null);

            /** Peer usedSlots */
            usedSlots?: (number|null);

            /** Peer heardMs */
            heardMs?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Peer. */
        type $Shape = stored.Peer.$Properties;
    }
}

export import Payload = mvds.Payload;
export import Message = mvds.Message;
export import Record = stored.Record;
export import Peer = stored.Peer;
export {};
