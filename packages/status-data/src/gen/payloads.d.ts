import type { protobuf as $protobuf } from "@status-stack/protobuf";
import type { Long } from "@status-stack/protobuf";

/** Namespace payloads. */
declare namespace payloads {

    /**
     * Properties of an ApplicationMetadataMessage.
     * @deprecated Use payloads.ApplicationMetadataMessage.$Properties instead.
     */
    interface IApplicationMetadataMessage extends payloads.ApplicationMetadataMessage.$Properties {
    }

    /** Represents an ApplicationMetadataMessage. */
    class ApplicationMetadataMessage {

        /**
         * Constructs a new ApplicationMetadataMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.ApplicationMetadataMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ApplicationMetadataMessage signature. */
        signature: Uint8Array;

        /** ApplicationMetadataMessage payload. */
        payload: Uint8Array;

        /** ApplicationMetadataMessage type. */
        type: number;

        /**
         * Encodes the specified ApplicationMetadataMessage message. Does not implicitly {@link payloads.ApplicationMetadataMessage.verify|verify} messages.
         * @param message ApplicationMetadataMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.ApplicationMetadataMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an ApplicationMetadataMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.ApplicationMetadataMessage & payloads.ApplicationMetadataMessage.$Shape} ApplicationMetadataMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.ApplicationMetadataMessage & payloads.ApplicationMetadataMessage.$Shape;
    }

    namespace ApplicationMetadataMessage {

        /** Properties of an ApplicationMetadataMessage. */
        interface $Properties {

            /** ApplicationMetadataMessage signature */
            signature?: (Uint8Array|null);

            /** ApplicationMetadataMessage payload */
            payload?: (Uint8Array|null);

            /** ApplicationMetadataMessage type */
            type?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an ApplicationMetadataMessage. */
        type $Shape = payloads.ApplicationMetadataMessage.$Properties;
    }

    /**
     * Properties of a StickerMessage.
     * @deprecated Use payloads.StickerMessage.$Properties instead.
     */
    interface IStickerMessage extends payloads.StickerMessage.$Properties {
    }

    /** Represents a StickerMessage. */
    class StickerMessage {

        /**
         * Constructs a new StickerMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.StickerMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** StickerMessage hash. */
        hash: string;

        /** StickerMessage pack. */
        pack: number;

        /**
         * Encodes the specified StickerMessage message. Does not implicitly {@link payloads.StickerMessage.verify|verify} messages.
         * @param message StickerMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.StickerMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a StickerMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.StickerMessage & payloads.StickerMessage.$Shape} StickerMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.StickerMessage & payloads.StickerMessage.$Shape;
    }

    namespace StickerMessage {

        /** Properties of a StickerMessage. */
        interface $Properties {

            /** StickerMessage hash */
            hash?: (string|null);

            /** StickerMessage pack */
            pack?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a StickerMessage. */
        type $Shape = payloads.StickerMessage.$Properties;
    }

    /**
     * Properties of an ImageMessage.
     * @deprecated Use payloads.ImageMessage.$Properties instead.
     */
    interface IImageMessage extends payloads.ImageMessage.$Properties {
    }

    /** Represents an ImageMessage. */
    class ImageMessage {

        /**
         * Constructs a new ImageMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.ImageMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ImageMessage payload. */
        payload: Uint8Array;

        /** ImageMessage type. */
        type: number;

        /**
         * Encodes the specified ImageMessage message. Does not implicitly {@link payloads.ImageMessage.verify|verify} messages.
         * @param message ImageMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.ImageMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an ImageMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.ImageMessage & payloads.ImageMessage.$Shape} ImageMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.ImageMessage & payloads.ImageMessage.$Shape;
    }

    namespace ImageMessage {

        /** Properties of an ImageMessage. */
        interface $Properties {

            /** ImageMessage payload */
            payload?: (Uint8Array|null);

            /** ImageMessage type */
            type?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an ImageMessage. */
        type $Shape = payloads.ImageMessage.$Properties;
    }

    /**
     * Properties of an AudioMessage.
     * @deprecated Use payloads.AudioMessage.$Properties instead.
     */
    interface IAudioMessage extends payloads.AudioMessage.$Properties {
    }

    /** Represents an AudioMessage. */
    class AudioMessage {

        /**
         * Constructs a new AudioMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.AudioMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** AudioMessage payload. */
        payload: Uint8Array;

        /** AudioMessage type. */
        type: number;

        /** AudioMessage durationMs. */
        durationMs: Long;

        /**
         * Encodes the specified AudioMessage message. Does not implicitly {@link payloads.AudioMessage.verify|verify} messages.
         * @param message AudioMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.AudioMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an AudioMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.AudioMessage & payloads.AudioMessage.$Shape} AudioMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.AudioMessage & payloads.AudioMessage.$Shape;
    }

    namespace AudioMessage {

        /** Properties of an AudioMessage. */
        interface $Properties {

            /** AudioMessage payload */
            payload?: (Uint8Array|null);

            /** AudioMessage type */
            type?: (number|null);

            /** AudioMessage durationMs */
            durationMs?: (Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an AudioMessage. */
        type $Shape = payloads.AudioMessage.$Properties;
    }

    /**
     * Properties of a ChatMessage.
     * @deprecated Use payloads.ChatMessage.$Properties instead.
     */
    interface IChatMessage extends payloads.ChatMessage.$Properties {
    }

    /** Represents a ChatMessage. */
    class ChatMessage {

        /**
         * Constructs a new ChatMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.ChatMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ChatMessage clock. */
        clock: Long;

        /** ChatMessage timestamp. */
        timestamp: Long;

        /** ChatMessage text. */
        text: string;

        /** ChatMessage responseTo. */
        responseTo: string;

        /** ChatMessage ensName. */
        ensName: string;

        /** ChatMessage chatId. */
        chatId: string;

        /** ChatMessage messageType. */
        messageType: number;

        /** ChatMessage contentType. */
        contentType: number;

        /** ChatMessage sticker. */
        sticker?: (payloads.StickerMessage.$Properties|null);

        /** ChatMessage image. */
        image?: (payloads.ImageMessage.$Properties|null);

        /** ChatMessage audio. */
        audio?: (payloads.AudioMessage.$Properties|null);

        /** ChatMessage payload. */
        payload?: ("sticker"|"image"|"audio");

        /**
         * Encodes the specified ChatMessage message. Does not implicitly {@link payloads.ChatMessage.verify|verify} messages.
         * @param message ChatMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.ChatMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ChatMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.ChatMessage & payloads.ChatMessage.$Shape} ChatMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.ChatMessage & payloads.ChatMessage.$Shape;
    }

    namespace ChatMessage {

        /** Properties of a ChatMessage. */
        interface $Properties {

            /** ChatMessage clock */
            clock?: (Long|null);

            /** ChatMessage timestamp */
            timestamp?: (Long|null);

            /** ChatMessage text */
            text?: (string|null);

            /** ChatMessage responseTo */
            responseTo?: (string|null);

            /** ChatMessage ensName */
            ensName?: (string|null);

            /** ChatMessage chatId */
            chatId?: (string|null);

            /** ChatMessage messageType */
            messageType?: (number|null);

            /** ChatMessage contentType */
            contentType?: (number|null);

            /** ChatMessage sticker */
            sticker?: (payloads.StickerMessage.$Properties|null);

            /** ChatMessage image */
            image?: (payloads.ImageMessage.$Properties|null);

            /** ChatMessage audio */
            audio?: (payloads.AudioMessage.$Properties|null);

            /** ChatMessage payload */
            payload?: ("sticker"|"image"|"audio");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a ChatMessage. */
        type $Shape = {
          clock?: Long|null;
          timestamp?: Long|null;
          text?: string|null;
          responseTo?: string|null;
          ensName?: string|null;
          chatId?: string|null;
          messageType?: number|null;
          contentType?: number|null;
          sticker?: payloads.StickerMessage.$Shape|null;
          image?: payloads.ImageMessage.$Shape|null;
          audio?: payloads.AudioMessage.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ payload?: undefined; sticker?: null; image?: null; audio?: null }|{ payload?: "sticker"; sticker: payloads.StickerMessage.$Shape; image?: null; audio?: null }|{ payload?: "image"; sticker?: null; image: payloads.ImageMessage.$Shape; audio?: null }|{ payload?: "audio"; sticker?: null; image?: null; audio: payloads.AudioMessage.$Shape })
        );
    }

    /**
     * Properties of a ContactUpdate.
     * @deprecated Use payloads.ContactUpdate.$Properties instead.
     */
    interface IContactUpdate extends payloads.ContactUpdate.$Properties {
    }

    /** Represents a ContactUpdate. */
    class ContactUpdate {

        /**
         * Constructs a new ContactUpdate.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.ContactUpdate.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ContactUpdate clock. */
        clock: Long;

        /** ContactUpdate ensName. */
        ensName: string;

        /** ContactUpdate profileImage. */
        profileImage: string;

        /**
         * Encodes the specified ContactUpdate message. Does not implicitly {@link payloads.ContactUpdate.verify|verify} messages.
         * @param message ContactUpdate message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.ContactUpdate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ContactUpdate message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.ContactUpdate & payloads.ContactUpdate.$Shape} ContactUpdate
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.ContactUpdate & payloads.ContactUpdate.$Shape;
    }

    namespace ContactUpdate {

        /** Properties of a ContactUpdate. */
        interface $Properties {

            /** ContactUpdate clock */
            clock?: (Long|null);

            /** ContactUpdate ensName */
            ensName?: (string|null);

            /** ContactUpdate profileImage */
            profileImage?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ContactUpdate. */
        type $Shape = payloads.ContactUpdate.$Properties;
    }

    /**
     * Properties of an EmojiReaction.
     * @deprecated Use payloads.EmojiReaction.$Properties instead.
     */
    interface IEmojiReaction extends payloads.EmojiReaction.$Properties {
    }

    /** Represents an EmojiReaction. */
    class EmojiReaction {

        /**
         * Constructs a new EmojiReaction.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.EmojiReaction.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** EmojiReaction clock. */
        clock: Long;

        /** EmojiReaction chatId. */
        chatId: string;

        /** EmojiReaction messageId. */
        messageId: string;

        /** EmojiReaction messageType. */
        messageType: number;

        /** EmojiReaction type. */
        type: number;

        /** EmojiReaction retracted. */
        retracted: boolean;

        /**
         * Encodes the specified EmojiReaction message. Does not implicitly {@link payloads.EmojiReaction.verify|verify} messages.
         * @param message EmojiReaction message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.EmojiReaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an EmojiReaction message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.EmojiReaction & payloads.EmojiReaction.$Shape} EmojiReaction
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.EmojiReaction & payloads.EmojiReaction.$Shape;
    }

    namespace EmojiReaction {

        /** Properties of an EmojiReaction. */
        interface $Properties {

            /** EmojiReaction clock */
            clock?: (Long|null);

            /** EmojiReaction chatId */
            chatId?: (string|null);

            /** EmojiReaction messageId */
            messageId?: (string|null);

            /** EmojiReaction messageType */
            messageType?: (number|null);

            /** EmojiReaction type */
            type?: (number|null);

            /** EmojiReaction retracted */
            retracted?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an EmojiReaction. */
        type $Shape = payloads.EmojiReaction.$Properties;
    }

    /**
     * Properties of a MembershipUpdateMessage.
     * @deprecated Use payloads.MembershipUpdateMessage.$Properties instead.
     */
    interface IMembershipUpdateMessage extends payloads.MembershipUpdateMessage.$Properties {
    }

    /** Represents a MembershipUpdateMessage. */
    class MembershipUpdateMessage {

        /**
         * Constructs a new MembershipUpdateMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.MembershipUpdateMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** MembershipUpdateMessage chatId. */
        chatId: string;

        /** MembershipUpdateMessage events. */
        events: Uint8Array[];

        /** MembershipUpdateMessage message. */
        message?: (payloads.ChatMessage.$Properties|null);

        /** MembershipUpdateMessage emojiReaction. */
        emojiReaction?: (payloads.EmojiReaction.$Properties|null);

        /** MembershipUpdateMessage chatEntity. */
        chatEntity?: ("message"|"emojiReaction");

        /**
         * Encodes the specified MembershipUpdateMessage message. Does not implicitly {@link payloads.MembershipUpdateMessage.verify|verify} messages.
         * @param message MembershipUpdateMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.MembershipUpdateMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a MembershipUpdateMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.MembershipUpdateMessage & payloads.MembershipUpdateMessage.$Shape} MembershipUpdateMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.MembershipUpdateMessage & payloads.MembershipUpdateMessage.$Shape;
    }

    namespace MembershipUpdateMessage {

        /** Properties of a MembershipUpdateMessage. */
        interface $Properties {

            /** MembershipUpdateMessage chatId */
            chatId?: (string|null);

            /** MembershipUpdateMessage events */
            events?: (Uint8Array[]|null);

            /** MembershipUpdateMessage message */
            message?: (payloads.ChatMessage.$Properties|null);

            /** MembershipUpdateMessage emojiReaction */
            emojiReaction?: (payloads.EmojiReaction.$Properties|null);

            /** MembershipUpdateMessage chatEntity */
            chatEntity?: ("message"|"emojiReaction");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a MembershipUpdateMessage. */
        type $Shape = {
          chatId?: string|null;
          events?: Uint8Array[]|null;
          message?: payloads.ChatMessage.$Shape|null;
          emojiReaction?: payloads.EmojiReaction.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ chatEntity?: undefined; message?: null; emojiReaction?: null }|{ chatEntity?: "message"; message: payloads.ChatMessage.$Shape; emojiReaction?: null }|{ chatEntity?: "emojiReaction"; message?: null; emojiReaction: payloads.EmojiReaction.$Shape })
        );
    }

    /**
     * Properties of a MembershipUpdateEvent.
     * @deprecated Use payloads.MembershipUpdateEvent.$Properties instead.
     */
    interface IMembershipUpdateEvent extends payloads.MembershipUpdateEvent.$Properties {
    }

    /** Represents a MembershipUpdateEvent. */
    class MembershipUpdateEvent {

        /**
         * Constructs a new MembershipUpdateEvent.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.MembershipUpdateEvent.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** MembershipUpdateEvent clock. */
        clock: Long;

        /** MembershipUpdateEvent members. */
        members: string[];

        /** MembershipUpdateEvent name. */
        name: string;

        /** MembershipUpdateEvent type. */
        type: number;

        /**
         * Encodes the specified MembershipUpdateEvent message. Does not implicitly {@link payloads.MembershipUpdateEvent.verify|verify} messages.
         * @param message MembershipUpdateEvent message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.MembershipUpdateEvent.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a MembershipUpdateEvent message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.MembershipUpdateEvent & payloads.MembershipUpdateEvent.$Shape} MembershipUpdateEvent
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.MembershipUpdateEvent & payloads.MembershipUpdateEvent.$Shape;
    }

    namespace MembershipUpdateEvent {

        /** Properties of a MembershipUpdateEvent. */
        interface $Properties {

            /** MembershipUpdateEvent clock */
            clock?: (Long|null);

            /** MembershipUpdateEvent members */
            members?: (string[]|null);

            /** MembershipUpdateEvent name */
            name?: (string|null);

            /** MembershipUpdateEvent type */
            type?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a MembershipUpdateEvent. */
        type $Shape = payloads.MembershipUpdateEvent.$Properties;
    }

    /**
     * Properties of a PairInstallation.
     * @deprecated Use payloads.PairInstallation.$Properties instead.
     */
    interface IPairInstallation extends payloads.PairInstallation.$Properties {
    }

    /** Represents a PairInstallation. */
    class PairInstallation {

        /**
         * Constructs a new PairInstallation.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.PairInstallation.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PairInstallation clock. */
        clock: Long;

        /** PairInstallation installationId. */
        installationId: string;

        /** PairInstallation deviceType. */
        deviceType: string;

        /** PairInstallation name. */
        name: string;

        /**
         * Encodes the specified PairInstallation message. Does not implicitly {@link payloads.PairInstallation.verify|verify} messages.
         * @param message PairInstallation message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.PairInstallation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PairInstallation message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.PairInstallation & payloads.PairInstallation.$Shape} PairInstallation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.PairInstallation & payloads.PairInstallation.$Shape;
    }

    namespace PairInstallation {

        /** Properties of a PairInstallation. */
        interface $Properties {

            /** PairInstallation clock */
            clock?: (Long|null);

            /** PairInstallation installationId */
            installationId?: (string|null);

            /** PairInstallation deviceType */
            deviceType?: (string|null);

            /** PairInstallation name */
            name?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PairInstallation. */
        type $Shape = payloads.PairInstallation.$Properties;
    }

    /**
     * Properties of a SyncInstallationContact.
     * @deprecated Use payloads.SyncInstallationContact.$Properties instead.
     */
    interface ISyncInstallationContact extends payloads.SyncInstallationContact.$Properties {
    }

    /** Represents a SyncInstallationContact. */
    class SyncInstallationContact {

        /**
         * Constructs a new SyncInstallationContact.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.SyncInstallationContact.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SyncInstallationContact clock. */
        clock: Long;

        /** SyncInstallationContact id. */
        id: string;

        /** SyncInstallationContact profileImage. */
        profileImage: string;

        /** SyncInstallationContact ensName. */
        ensName: string;

        /** SyncInstallationContact lastUpdated. */
        lastUpdated: Long;

        /** SyncInstallationContact systemTags. */
        systemTags: string[];

        /**
         * Encodes the specified SyncInstallationContact message. Does not implicitly {@link payloads.SyncInstallationContact.verify|verify} messages.
         * @param message SyncInstallationContact message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.SyncInstallationContact.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SyncInstallationContact message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.SyncInstallationContact & payloads.SyncInstallationContact.$Shape} SyncInstallationContact
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.SyncInstallationContact & payloads.SyncInstallationContact.$Shape;
    }

    namespace SyncInstallationContact {

        /** Properties of a SyncInstallationContact. */
        interface $Properties {

            /** SyncInstallationContact clock */
            clock?: (Long|null);

            /** SyncInstallationContact id */
            id?: (string|null);

            /** SyncInstallationContact profileImage */
            profileImage?: (string|null);

            /** SyncInstallationContact ensName */
            ensName?: (string|null);

            /** SyncInstallationContact lastUpdated */
            lastUpdated?: (Long|null);

            /** SyncInstallationContact systemTags */
            systemTags?: (string[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SyncInstallationContact. */
        type $Shape = payloads.SyncInstallationContact.$Properties;
    }

    /**
     * Properties of a SyncInstallationPublicChat.
     * @deprecated Use payloads.SyncInstallationPublicChat.$Properties instead.
     */
    interface ISyncInstallationPublicChat extends payloads.SyncInstallationPublicChat.$Properties {
    }

    /** Represents a SyncInstallationPublicChat. */
    class SyncInstallationPublicChat {

        /**
         * Constructs a new SyncInstallationPublicChat.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.SyncInstallationPublicChat.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SyncInstallationPublicChat clock. */
        clock: Long;

        /** SyncInstallationPublicChat id. */
        id: string;

        /**
         * Encodes the specified SyncInstallationPublicChat message. Does not implicitly {@link payloads.SyncInstallationPublicChat.verify|verify} messages.
         * @param message SyncInstallationPublicChat message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.SyncInstallationPublicChat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SyncInstallationPublicChat message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.SyncInstallationPublicChat & payloads.SyncInstallationPublicChat.$Shape} SyncInstallationPublicChat
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.SyncInstallationPublicChat & payloads.SyncInstallationPublicChat.$Shape;
    }

    namespace SyncInstallationPublicChat {

        /** Properties of a SyncInstallationPublicChat. */
        interface $Properties {

            /** SyncInstallationPublicChat clock */
            clock?: (Long|null);

            /** SyncInstallationPublicChat id */
            id?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SyncInstallationPublicChat. */
        type $Shape = payloads.SyncInstallationPublicChat.$Properties;
    }

    /**
     * Properties of a SyncInstallationAccount.
     * @deprecated Use payloads.SyncInstallationAccount.$Properties instead.
     */
    interface ISyncInstallationAccount extends payloads.SyncInstallationAccount.$Properties {
    }

    /** Represents a SyncInstallationAccount. */
    class SyncInstallationAccount {

        /**
         * Constructs a new SyncInstallationAccount.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.SyncInstallationAccount.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SyncInstallationAccount clock. */
        clock: Long;

        /** SyncInstallationAccount profileImage. */
        profileImage: string;

        /** SyncInstallationAccount lastUpdated. */
        lastUpdated: Long;

        /**
         * Encodes the specified SyncInstallationAccount message. Does not implicitly {@link payloads.SyncInstallationAccount.verify|verify} messages.
         * @param message SyncInstallationAccount message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.SyncInstallationAccount.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SyncInstallationAccount message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.SyncInstallationAccount & payloads.SyncInstallationAccount.$Shape} SyncInstallationAccount
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.SyncInstallationAccount & payloads.SyncInstallationAccount.$Shape;
    }

    namespace SyncInstallationAccount {

        /** Properties of a SyncInstallationAccount. */
        interface $Properties {

            /** SyncInstallationAccount clock */
            clock?: (Long|null);

            /** SyncInstallationAccount profileImage */
            profileImage?: (string|null);

            /** SyncInstallationAccount lastUpdated */
            lastUpdated?: (Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SyncInstallationAccount. */
        type $Shape = payloads.SyncInstallationAccount.$Properties;
    }

    /**
     * Properties of a SyncInstallation.
     * @deprecated Use payloads.SyncInstallation.$Properties instead.
     */
    interface ISyncInstallation extends payloads.SyncInstallation.$Properties {
    }

    /** Represents a SyncInstallation. */
    class SyncInstallation {

        /**
         * Constructs a new SyncInstallation.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.SyncInstallation.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SyncInstallation contacts. */
        contacts: payloads.SyncInstallationContact.$Properties[];

        /** SyncInstallation publicChats. */
        publicChats: payloads.SyncInstallationPublicChat.$Properties[];

        /** SyncInstallation account. */
        account?: (payloads.SyncInstallationAccount.$Properties|null);

        /**
         * Encodes the specified SyncInstallation message. Does not implicitly {@link payloads.SyncInstallation.verify|verify} messages.
         * @param message SyncInstallation message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.SyncInstallation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SyncInstallation message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.SyncInstallation & payloads.SyncInstallation.$Shape} SyncInstallation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.SyncInstallation & payloads.SyncInstallation.$Shape;
    }

    namespace SyncInstallation {

        /** Properties of a SyncInstallation. */
        interface $Properties {

            /** SyncInstallation contacts */
            contacts?: (payloads.SyncInstallationContact.$Properties[]|null);

            /** SyncInstallation publicChats */
            publicChats?: (payloads.SyncInstallationPublicChat.$Properties[]|null);

            /** SyncInstallation account */
            account?: (payloads.SyncInstallationAccount.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SyncInstallation. */
        type $Shape = payloads.SyncInstallation.$Properties;
    }

    /**
     * Properties of a RequestAddressForTransaction.
     * @deprecated Use payloads.RequestAddressForTransaction.$Properties instead.
     */
    interface IRequestAddressForTransaction extends payloads.RequestAddressForTransaction.$Properties {
    }

    /** Represents a RequestAddressForTransaction. */
    class RequestAddressForTransaction {

        /**
         * Constructs a new RequestAddressForTransaction.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.RequestAddressForTransaction.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RequestAddressForTransaction clock. */
        clock: Long;

        /** RequestAddressForTransaction value. */
        value: string;

        /** RequestAddressForTransaction contract. */
        contract: string;

        /**
         * Encodes the specified RequestAddressForTransaction message. Does not implicitly {@link payloads.RequestAddressForTransaction.verify|verify} messages.
         * @param message RequestAddressForTransaction message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.RequestAddressForTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RequestAddressForTransaction message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.RequestAddressForTransaction & payloads.RequestAddressForTransaction.$Shape} RequestAddressForTransaction
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.RequestAddressForTransaction & payloads.RequestAddressForTransaction.$Shape;
    }

    namespace RequestAddressForTransaction {

        /** Properties of a RequestAddressForTransaction. */
        interface $Properties {

            /** RequestAddressForTransaction clock */
            clock?: (Long|null);

            /** RequestAddressForTransaction value */
            value?: (string|null);

            /** RequestAddressForTransaction contract */
            contract?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RequestAddressForTransaction. */
        type $Shape = payloads.RequestAddressForTransaction.$Properties;
    }

    /**
     * Properties of an AcceptRequestAddressForTransaction.
     * @deprecated Use payloads.AcceptRequestAddressForTransaction.$Properties instead.
     */
    interface IAcceptRequestAddressForTransaction extends payloads.AcceptRequestAddressForTransaction.$Properties {
    }

    /** Represents an AcceptRequestAddressForTransaction. */
    class AcceptRequestAddressForTransaction {

        /**
         * Constructs a new AcceptRequestAddressForTransaction.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.AcceptRequestAddressForTransaction.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** AcceptRequestAddressForTransaction clock. */
        clock: Long;

        /** AcceptRequestAddressForTransaction id. */
        id: string;

        /** AcceptRequestAddressForTransaction address. */
        address: string;

        /**
         * Encodes the specified AcceptRequestAddressForTransaction message. Does not implicitly {@link payloads.AcceptRequestAddressForTransaction.verify|verify} messages.
         * @param message AcceptRequestAddressForTransaction message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.AcceptRequestAddressForTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an AcceptRequestAddressForTransaction message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.AcceptRequestAddressForTransaction & payloads.AcceptRequestAddressForTransaction.$Shape} AcceptRequestAddressForTransaction
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.AcceptRequestAddressForTransaction & payloads.AcceptRequestAddressForTransaction.$Shape;
    }

    namespace AcceptRequestAddressForTransaction {

        /** Properties of an AcceptRequestAddressForTransaction. */
        interface $Properties {

            /** AcceptRequestAddressForTransaction clock */
            clock?: (Long|null);

            /** AcceptRequestAddressForTransaction id */
            id?: (string|null);

            /** AcceptRequestAddressForTransaction address */
            address?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an AcceptRequestAddressForTransaction. */
        type $Shape = payloads.AcceptRequestAddressForTransaction.$Properties;
    }

    /**
     * Properties of a DeclineRequestAddressForTransaction.
     * @deprecated Use payloads.DeclineRequestAddressForTransaction.$Properties instead.
     */
    interface IDeclineRequestAddressForTransaction extends payloads.DeclineRequestAddressForTransaction.$Properties {
    }

    /** Represents a DeclineRequestAddressForTransaction. */
    class DeclineRequestAddressForTransaction {

        /**
         * Constructs a new DeclineRequestAddressForTransaction.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.DeclineRequestAddressForTransaction.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DeclineRequestAddressForTransaction clock. */
        clock: Long;

        /** DeclineRequestAddressForTransaction id. */
        id: string;

        /**
         * Encodes the specified DeclineRequestAddressForTransaction message. Does not implicitly {@link payloads.DeclineRequestAddressForTransaction.verify|verify} messages.
         * @param message DeclineRequestAddressForTransaction message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.DeclineRequestAddressForTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DeclineRequestAddressForTransaction message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.DeclineRequestAddressForTransaction & payloads.DeclineRequestAddressForTransaction.$Shape} DeclineRequestAddressForTransaction
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.DeclineRequestAddressForTransaction & payloads.DeclineRequestAddressForTransaction.$Shape;
    }

    namespace DeclineRequestAddressForTransaction {

        /** Properties of a DeclineRequestAddressForTransaction. */
        interface $Properties {

            /** DeclineRequestAddressForTransaction clock */
            clock?: (Long|null);

            /** DeclineRequestAddressForTransaction id */
            id?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DeclineRequestAddressForTransaction. */
        type $Shape = payloads.DeclineRequestAddressForTransaction.$Properties;
    }

    /**
     * Properties of a RequestTransaction.
     * @deprecated Use payloads.RequestTransaction.$Properties instead.
     */
    interface IRequestTransaction extends payloads.RequestTransaction.$Properties {
    }

    /** Represents a RequestTransaction. */
    class RequestTransaction {

        /**
         * Constructs a new RequestTransaction.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.RequestTransaction.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RequestTransaction clock. */
        clock: Long;

        /** RequestTransaction address. */
        address: string;

        /** RequestTransaction value. */
        value: string;

        /** RequestTransaction contract. */
        contract: string;

        /**
         * Encodes the specified RequestTransaction message. Does not implicitly {@link payloads.RequestTransaction.verify|verify} messages.
         * @param message RequestTransaction message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.RequestTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RequestTransaction message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.RequestTransaction & payloads.RequestTransaction.$Shape} RequestTransaction
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.RequestTransaction & payloads.RequestTransaction.$Shape;
    }

    namespace RequestTransaction {

        /** Properties of a RequestTransaction. */
        interface $Properties {

            /** RequestTransaction clock */
            clock?: (Long|null);

            /** RequestTransaction address */
            address?: (string|null);

            /** RequestTransaction value */
            value?: (string|null);

            /** RequestTransaction contract */
            contract?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RequestTransaction. */
        type $Shape = payloads.RequestTransaction.$Properties;
    }

    /**
     * Properties of a DeclineRequestTransaction.
     * @deprecated Use payloads.DeclineRequestTransaction.$Properties instead.
     */
    interface IDeclineRequestTransaction extends payloads.DeclineRequestTransaction.$Properties {
    }

    /** Represents a DeclineRequestTransaction. */
    class DeclineRequestTransaction {

        /**
         * Constructs a new DeclineRequestTransaction.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.DeclineRequestTransaction.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DeclineRequestTransaction clock. */
        clock: Long;

        /** DeclineRequestTransaction id. */
        id: string;

        /**
         * Encodes the specified DeclineRequestTransaction message. Does not implicitly {@link payloads.DeclineRequestTransaction.verify|verify} messages.
         * @param message DeclineRequestTransaction message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.DeclineRequestTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DeclineRequestTransaction message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.DeclineRequestTransaction & payloads.DeclineRequestTransaction.$Shape} DeclineRequestTransaction
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.DeclineRequestTransaction & payloads.DeclineRequestTransaction.$Shape;
    }

    namespace DeclineRequestTransaction {

        /** Properties of a DeclineRequestTransaction. */
        interface $Properties {

            /** DeclineRequestTransaction clock */
            clock?: (Long|null);

            /** DeclineRequestTransaction id */
            id?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DeclineRequestTransaction. */
        type $Shape = payloads.DeclineRequestTransaction.$Properties;
    }

    /**
     * Properties of a SendTransaction.
     * @deprecated Use payloads.SendTransaction.$Properties instead.
     */
    interface ISendTransaction extends payloads.SendTransaction.$Properties {
    }

    /** Represents a SendTransaction. */
    class SendTransaction {

        /**
         * Constructs a new SendTransaction.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.SendTransaction.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SendTransaction clock. */
        clock: Long;

        /** SendTransaction id. */
        id: string;

        /** SendTransaction transactionHash. */
        transactionHash: string;

        /** SendTransaction signature. */
        signature: Uint8Array;

        /**
         * Encodes the specified SendTransaction message. Does not implicitly {@link payloads.SendTransaction.verify|verify} messages.
         * @param message SendTransaction message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.SendTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SendTransaction message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.SendTransaction & payloads.SendTransaction.$Shape} SendTransaction
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.SendTransaction & payloads.SendTransaction.$Shape;
    }

    namespace SendTransaction {

        /** Properties of a SendTransaction. */
        interface $Properties {

            /** SendTransaction clock */
            clock?: (Long|null);

            /** SendTransaction id */
            id?: (string|null);

            /** SendTransaction transactionHash */
            transactionHash?: (string|null);

            /** SendTransaction signature */
            signature?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SendTransaction. */
        type $Shape = payloads.SendTransaction.$Properties;
    }

    /**
     * Properties of a PushNotificationRegistration.
     * @deprecated Use payloads.PushNotificationRegistration.$Properties instead.
     */
    interface IPushNotificationRegistration extends payloads.PushNotificationRegistration.$Properties {
    }

    /** Represents a PushNotificationRegistration. */
    class PushNotificationRegistration {

        /**
         * Constructs a new PushNotificationRegistration.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.PushNotificationRegistration.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PushNotificationRegistration tokenType. */
        tokenType: number;

        /** PushNotificationRegistration deviceToken. */
        deviceToken: string;

        /** PushNotificationRegistration installationId. */
        installationId: string;

        /** PushNotificationRegistration accessToken. */
        accessToken: string;

        /** PushNotificationRegistration enabled. */
        enabled: boolean;

        /** PushNotificationRegistration version. */
        version: Long;

        /** PushNotificationRegistration allowedKeyList. */
        allowedKeyList: Uint8Array[];

        /** PushNotificationRegistration blockedChatList. */
        blockedChatList: Uint8Array[];

        /** PushNotificationRegistration unregister. */
        unregister: boolean;

        /** PushNotificationRegistration grant. */
        grant: Uint8Array;

        /** PushNotificationRegistration allowFromContactsOnly. */
        allowFromContactsOnly: boolean;

        /**
         * Encodes the specified PushNotificationRegistration message. Does not implicitly {@link payloads.PushNotificationRegistration.verify|verify} messages.
         * @param message PushNotificationRegistration message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.PushNotificationRegistration.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PushNotificationRegistration message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.PushNotificationRegistration & payloads.PushNotificationRegistration.$Shape} PushNotificationRegistration
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.PushNotificationRegistration & payloads.PushNotificationRegistration.$Shape;
    }

    namespace PushNotificationRegistration {

        /** Properties of a PushNotificationRegistration. */
        interface $Properties {

            /** PushNotificationRegistration tokenType */
            tokenType?: (number|null);

            /** PushNotificationRegistration deviceToken */
            deviceToken?: (string|null);

            /** PushNotificationRegistration installationId */
            installationId?: (string|null);

            /** PushNotificationRegistration accessToken */
            accessToken?: (string|null);

            /** PushNotificationRegistration enabled */
            enabled?: (boolean|null);

            /** PushNotificationRegistration version */
            version?: (Long|null);

            /** PushNotificationRegistration allowedKeyList */
            allowedKeyList?: (Uint8Array[]|null);

            /** PushNotificationRegistration blockedChatList */
            blockedChatList?: (Uint8Array[]|null);

            /** PushNotificationRegistration unregister */
            unregister?: (boolean|null);

            /** PushNotificationRegistration grant */
            grant?: (Uint8Array|null);

            /** PushNotificationRegistration allowFromContactsOnly */
            allowFromContactsOnly?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PushNotificationRegistration. */
        type $Shape = payloads.PushNotificationRegistration.$Properties;
    }

    /**
     * Properties of a PushNotificationRegistrationResponse.
     * @deprecated Use payloads.PushNotificationRegistrationResponse.$Properties instead.
     */
    interface IPushNotificationRegistrationResponse extends payloads.PushNotificationRegistrationResponse.$Properties {
    }

    /** Represents a PushNotificationRegistrationResponse. */
    class PushNotificationRegistrationResponse {

        /**
         * Constructs a new PushNotificationRegistrationResponse.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.PushNotificationRegistrationResponse.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PushNotificationRegistrationResponse success. */
        success: boolean;

        /** PushNotificationRegistrationResponse error. */
        error: number;

        /** PushNotificationRegistrationResponse requestId. */
        requestId: Uint8Array;

        /**
         * Encodes the specified PushNotificationRegistrationResponse message. Does not implicitly {@link payloads.PushNotificationRegistrationResponse.verify|verify} messages.
         * @param message PushNotificationRegistrationResponse message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.PushNotificationRegistrationResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PushNotificationRegistrationResponse message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.PushNotificationRegistrationResponse & payloads.PushNotificationRegistrationResponse.$Shape} PushNotificationRegistrationResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.PushNotificationRegistrationResponse & payloads.PushNotificationRegistrationResponse.$Shape;
    }

    namespace PushNotificationRegistrationResponse {

        /** Properties of a PushNotificationRegistrationResponse. */
        interface $Properties {

            /** PushNotificationRegistrationResponse success */
            success?: (boolean|null);

            /** PushNotificationRegistrationResponse error */
            error?: (number|null);

            /** PushNotificationRegistrationResponse requestId */
            requestId?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PushNotificationRegistrationResponse. */
        type $Shape = payloads.PushNotificationRegistrationResponse.$Properties;
    }

    /**
     * Properties of a PushNotificationQueryInfo.
     * @deprecated Use payloads.PushNotificationQueryInfo.$Properties instead.
     */
    interface IPushNotificationQueryInfo extends payloads.PushNotificationQueryInfo.$Properties {
    }

    /** Represents a PushNotificationQueryInfo. */
    class PushNotificationQueryInfo {

        /**
         * Constructs a new PushNotificationQueryInfo.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.PushNotificationQueryInfo.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PushNotificationQueryInfo accessToken. */
        accessToken: string;

        /** PushNotificationQueryInfo installationId. */
        installationId: string;

        /** PushNotificationQueryInfo publicKey. */
        publicKey: Uint8Array;

        /** PushNotificationQueryInfo allowedKeyList. */
        allowedKeyList: Uint8Array[];

        /** PushNotificationQueryInfo grant. */
        grant: Uint8Array;

        /** PushNotificationQueryInfo version. */
        version: Long;

        /** PushNotificationQueryInfo serverPublicKey. */
        serverPublicKey: Uint8Array;

        /**
         * Encodes the specified PushNotificationQueryInfo message. Does not implicitly {@link payloads.PushNotificationQueryInfo.verify|verify} messages.
         * @param message PushNotificationQueryInfo message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.PushNotificationQueryInfo.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PushNotificationQueryInfo message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.PushNotificationQueryInfo & payloads.PushNotificationQueryInfo.$Shape} PushNotificationQueryInfo
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.PushNotificationQueryInfo & payloads.PushNotificationQueryInfo.$Shape;
    }

    namespace PushNotificationQueryInfo {

        /** Properties of a PushNotificationQueryInfo. */
        interface $Properties {

            /** PushNotificationQueryInfo accessToken */
            accessToken?: (string|null);

            /** PushNotificationQueryInfo installationId */
            installationId?: (string|null);

            /** PushNotificationQueryInfo publicKey */
            publicKey?: (Uint8Array|null);

            /** PushNotificationQueryInfo allowedKeyList */
            allowedKeyList?: (Uint8Array[]|null);

            /** PushNotificationQueryInfo grant */
            grant?: (Uint8Array|null);

            /** PushNotificationQueryInfo version */
            version?: (Long|null);

            /** PushNotificationQueryInfo serverPublicKey */
            serverPublicKey?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PushNotificationQueryInfo. */
        type $Shape = payloads.PushNotificationQueryInfo.$Properties;
    }

    /**
     * Properties of a ContactCodeAdvertisement.
     * @deprecated Use payloads.ContactCodeAdvertisement.$Properties instead.
     */
    interface IContactCodeAdvertisement extends payloads.ContactCodeAdvertisement.$Properties {
    }

    /** Represents a ContactCodeAdvertisement. */
    class ContactCodeAdvertisement {

        /**
         * Constructs a new ContactCodeAdvertisement.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.ContactCodeAdvertisement.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ContactCodeAdvertisement pushNotificationInfo. */
        pushNotificationInfo: payloads.PushNotificationQueryInfo.$Properties[];

        /**
         * Encodes the specified ContactCodeAdvertisement message. Does not implicitly {@link payloads.ContactCodeAdvertisement.verify|verify} messages.
         * @param message ContactCodeAdvertisement message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.ContactCodeAdvertisement.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ContactCodeAdvertisement message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.ContactCodeAdvertisement & payloads.ContactCodeAdvertisement.$Shape} ContactCodeAdvertisement
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.ContactCodeAdvertisement & payloads.ContactCodeAdvertisement.$Shape;
    }

    namespace ContactCodeAdvertisement {

        /** Properties of a ContactCodeAdvertisement. */
        interface $Properties {

            /** ContactCodeAdvertisement pushNotificationInfo */
            pushNotificationInfo?: (payloads.PushNotificationQueryInfo.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ContactCodeAdvertisement. */
        type $Shape = payloads.ContactCodeAdvertisement.$Properties;
    }

    /**
     * Properties of a PushNotificationQuery.
     * @deprecated Use payloads.PushNotificationQuery.$Properties instead.
     */
    interface IPushNotificationQuery extends payloads.PushNotificationQuery.$Properties {
    }

    /** Represents a PushNotificationQuery. */
    class PushNotificationQuery {

        /**
         * Constructs a new PushNotificationQuery.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.PushNotificationQuery.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PushNotificationQuery publicKeys. */
        publicKeys: Uint8Array[];

        /**
         * Encodes the specified PushNotificationQuery message. Does not implicitly {@link payloads.PushNotificationQuery.verify|verify} messages.
         * @param message PushNotificationQuery message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.PushNotificationQuery.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PushNotificationQuery message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.PushNotificationQuery & payloads.PushNotificationQuery.$Shape} PushNotificationQuery
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.PushNotificationQuery & payloads.PushNotificationQuery.$Shape;
    }

    namespace PushNotificationQuery {

        /** Properties of a PushNotificationQuery. */
        interface $Properties {

            /** PushNotificationQuery publicKeys */
            publicKeys?: (Uint8Array[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PushNotificationQuery. */
        type $Shape = payloads.PushNotificationQuery.$Properties;
    }

    /**
     * Properties of a PushNotificationQueryResponse.
     * @deprecated Use payloads.PushNotificationQueryResponse.$Properties instead.
     */
    interface IPushNotificationQueryResponse extends payloads.PushNotificationQueryResponse.$Properties {
    }

    /** Represents a PushNotificationQueryResponse. */
    class PushNotificationQueryResponse {

        /**
         * Constructs a new PushNotificationQueryResponse.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.PushNotificationQueryResponse.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PushNotificationQueryResponse info. */
        info: payloads.PushNotificationQueryInfo.$Properties[];

        /** PushNotificationQueryResponse messageId. */
        messageId: Uint8Array;

        /** PushNotificationQueryResponse success. */
        success: boolean;

        /**
         * Encodes the specified PushNotificationQueryResponse message. Does not implicitly {@link payloads.PushNotificationQueryResponse.verify|verify} messages.
         * @param message PushNotificationQueryResponse message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.PushNotificationQueryResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PushNotificationQueryResponse message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.PushNotificationQueryResponse & payloads.PushNotificationQueryResponse.$Shape} PushNotificationQueryResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.PushNotificationQueryResponse & payloads.PushNotificationQueryResponse.$Shape;
    }

    namespace PushNotificationQueryResponse {

        /** Properties of a PushNotificationQueryResponse. */
        interface $Properties {

            /** PushNotificationQueryResponse info */
            info?: (payloads.PushNotificationQueryInfo.$Properties[]|null);

            /** PushNotificationQueryResponse messageId */
            messageId?: (Uint8Array|null);

            /** PushNotificationQueryResponse success */
            success?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PushNotificationQueryResponse. */
        type $Shape = payloads.PushNotificationQueryResponse.$Properties;
    }

    /**
     * Properties of a PushNotification.
     * @deprecated Use payloads.PushNotification.$Properties instead.
     */
    interface IPushNotification extends payloads.PushNotification.$Properties {
    }

    /** Represents a PushNotification. */
    class PushNotification {

        /**
         * Constructs a new PushNotification.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.PushNotification.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PushNotification accessToken. */
        accessToken: string;

        /** PushNotification chatId. */
        chatId: string;

        /** PushNotification publicKey. */
        publicKey: Uint8Array;

        /** PushNotification installationId. */
        installationId: string;

        /** PushNotification message. */
        message: Uint8Array;

        /**
         * Encodes the specified PushNotification message. Does not implicitly {@link payloads.PushNotification.verify|verify} messages.
         * @param message PushNotification message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.PushNotification.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PushNotification message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.PushNotification & payloads.PushNotification.$Shape} PushNotification
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.PushNotification & payloads.PushNotification.$Shape;
    }

    namespace PushNotification {

        /** Properties of a PushNotification. */
        interface $Properties {

            /** PushNotification accessToken */
            accessToken?: (string|null);

            /** PushNotification chatId */
            chatId?: (string|null);

            /** PushNotification publicKey */
            publicKey?: (Uint8Array|null);

            /** PushNotification installationId */
            installationId?: (string|null);

            /** PushNotification message */
            message?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PushNotification. */
        type $Shape = payloads.PushNotification.$Properties;
    }

    /**
     * Properties of a PushNotificationRequest.
     * @deprecated Use payloads.PushNotificationRequest.$Properties instead.
     */
    interface IPushNotificationRequest extends payloads.PushNotificationRequest.$Properties {
    }

    /** Represents a PushNotificationRequest. */
    class PushNotificationRequest {

        /**
         * Constructs a new PushNotificationRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.PushNotificationRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PushNotificationRequest requests. */
        requests: payloads.PushNotification.$Properties[];

        /** PushNotificationRequest messageId. */
        messageId: Uint8Array;

        /**
         * Encodes the specified PushNotificationRequest message. Does not implicitly {@link payloads.PushNotificationRequest.verify|verify} messages.
         * @param message PushNotificationRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.PushNotificationRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PushNotificationRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.PushNotificationRequest & payloads.PushNotificationRequest.$Shape} PushNotificationRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.PushNotificationRequest & payloads.PushNotificationRequest.$Shape;
    }

    namespace PushNotificationRequest {

        /** Properties of a PushNotificationRequest. */
        interface $Properties {

            /** PushNotificationRequest requests */
            requests?: (payloads.PushNotification.$Properties[]|null);

            /** PushNotificationRequest messageId */
            messageId?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PushNotificationRequest. */
        type $Shape = payloads.PushNotificationRequest.$Properties;
    }

    /**
     * Properties of a PushNotificationReport.
     * @deprecated Use payloads.PushNotificationReport.$Properties instead.
     */
    interface IPushNotificationReport extends payloads.PushNotificationReport.$Properties {
    }

    /** Represents a PushNotificationReport. */
    class PushNotificationReport {

        /**
         * Constructs a new PushNotificationReport.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.PushNotificationReport.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PushNotificationReport success. */
        success: boolean;

        /** PushNotificationReport error. */
        error: number;

        /** PushNotificationReport publicKey. */
        publicKey: Uint8Array;

        /** PushNotificationReport installationId. */
        installationId: string;

        /**
         * Encodes the specified PushNotificationReport message. Does not implicitly {@link payloads.PushNotificationReport.verify|verify} messages.
         * @param message PushNotificationReport message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.PushNotificationReport.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PushNotificationReport message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.PushNotificationReport & payloads.PushNotificationReport.$Shape} PushNotificationReport
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.PushNotificationReport & payloads.PushNotificationReport.$Shape;
    }

    namespace PushNotificationReport {

        /** Properties of a PushNotificationReport. */
        interface $Properties {

            /** PushNotificationReport success */
            success?: (boolean|null);

            /** PushNotificationReport error */
            error?: (number|null);

            /** PushNotificationReport publicKey */
            publicKey?: (Uint8Array|null);

            /** PushNotificationReport installationId */
            installationId?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PushNotificationReport. */
        type $Shape = payloads.PushNotificationReport.$Properties;
    }

    /**
     * Properties of a PushNotificationResponse.
     * @deprecated Use payloads.PushNotificationResponse.$Properties instead.
     */
    interface IPushNotificationResponse extends payloads.PushNotificationResponse.$Properties {
    }

    /** Represents a PushNotificationResponse. */
    class PushNotificationResponse {

        /**
         * Constructs a new PushNotificationResponse.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.PushNotificationResponse.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PushNotificationResponse messageId. */
        messageId: Uint8Array;

        /** PushNotificationResponse reports. */
        reports: payloads.PushNotificationReport.$Properties[];

        /**
         * Encodes the specified PushNotificationResponse message. Does not implicitly {@link payloads.PushNotificationResponse.verify|verify} messages.
         * @param message PushNotificationResponse message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.PushNotificationResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PushNotificationResponse message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.PushNotificationResponse & payloads.PushNotificationResponse.$Shape} PushNotificationResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.PushNotificationResponse & payloads.PushNotificationResponse.$Shape;
    }

    namespace PushNotificationResponse {

        /** Properties of a PushNotificationResponse. */
        interface $Properties {

            /** PushNotificationResponse messageId */
            messageId?: (Uint8Array|null);

            /** PushNotificationResponse reports */
            reports?: (payloads.PushNotificationReport.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PushNotificationResponse. */
        type $Shape = payloads.PushNotificationResponse.$Properties;
    }

    /**
     * Properties of a PinMessage.
     * @deprecated Use payloads.PinMessage.$Properties instead.
     */
    interface IPinMessage extends payloads.PinMessage.$Properties {
    }

    /** Represents a PinMessage. */
    class PinMessage {

        /**
         * Constructs a new PinMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.PinMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PinMessage clock. */
        clock: Long;

        /** PinMessage messageId. */
        messageId: string;

        /** PinMessage chatId. */
        chatId: string;

        /** PinMessage pinned. */
        pinned: boolean;

        /** PinMessage messageType. */
        messageType: number;

        /**
         * Encodes the specified PinMessage message. Does not implicitly {@link payloads.PinMessage.verify|verify} messages.
         * @param message PinMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.PinMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PinMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.PinMessage & payloads.PinMessage.$Shape} PinMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.PinMessage & payloads.PinMessage.$Shape;
    }

    namespace PinMessage {

        /** Properties of a PinMessage. */
        interface $Properties {

            /** PinMessage clock */
            clock?: (Long|null);

            /** PinMessage messageId */
            messageId?: (string|null);

            /** PinMessage chatId */
            chatId?: (string|null);

            /** PinMessage pinned */
            pinned?: (boolean|null);

            /** PinMessage messageType */
            messageType?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PinMessage. */
        type $Shape = payloads.PinMessage.$Properties;
    }

    /**
     * Properties of an EditMessage.
     * @deprecated Use payloads.EditMessage.$Properties instead.
     */
    interface IEditMessage extends payloads.EditMessage.$Properties {
    }

    /** Represents an EditMessage. */
    class EditMessage {

        /**
         * Constructs a new EditMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.EditMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** EditMessage clock. */
        clock: Long;

        /** EditMessage text. */
        text: string;

        /** EditMessage chatId. */
        chatId: string;

        /** EditMessage messageId. */
        messageId: string;

        /** EditMessage grant. */
        grant: Uint8Array;

        /** EditMessage messageType. */
        messageType: number;

        /** EditMessage contentType. */
        contentType: number;

        /**
         * Encodes the specified EditMessage message. Does not implicitly {@link payloads.EditMessage.verify|verify} messages.
         * @param message EditMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.EditMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an EditMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.EditMessage & payloads.EditMessage.$Shape} EditMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.EditMessage & payloads.EditMessage.$Shape;
    }

    namespace EditMessage {

        /** Properties of an EditMessage. */
        interface $Properties {

            /** EditMessage clock */
            clock?: (Long|null);

            /** EditMessage text */
            text?: (string|null);

            /** EditMessage chatId */
            chatId?: (string|null);

            /** EditMessage messageId */
            messageId?: (string|null);

            /** EditMessage grant */
            grant?: (Uint8Array|null);

            /** EditMessage messageType */
            messageType?: (number|null);

            /** EditMessage contentType */
            contentType?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an EditMessage. */
        type $Shape = payloads.EditMessage.$Properties;
    }

    /**
     * Properties of a DeleteMessage.
     * @deprecated Use payloads.DeleteMessage.$Properties instead.
     */
    interface IDeleteMessage extends payloads.DeleteMessage.$Properties {
    }

    /** Represents a DeleteMessage. */
    class DeleteMessage {

        /**
         * Constructs a new DeleteMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: payloads.DeleteMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DeleteMessage clock. */
        clock: Long;

        /** DeleteMessage chatId. */
        chatId: string;

        /** DeleteMessage messageId. */
        messageId: string;

        /** DeleteMessage grant. */
        grant: Uint8Array;

        /** DeleteMessage messageType. */
        messageType: number;

        /** DeleteMessage deletedBy. */
        deletedBy: string;

        /**
         * Encodes the specified DeleteMessage message. Does not implicitly {@link payloads.DeleteMessage.verify|verify} messages.
         * @param message DeleteMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: payloads.DeleteMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DeleteMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {payloads.DeleteMessage & payloads.DeleteMessage.$Shape} DeleteMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): payloads.DeleteMessage & payloads.DeleteMessage.$Shape;
    }

    namespace DeleteMessage {

        /** Properties of a DeleteMessage. */
        interface $Properties {

            /** DeleteMessage clock */
            clock?: (Long|null);

            /** DeleteMessage chatId */
            chatId?: (string|null);

            /** DeleteMessage messageId */
            messageId?: (string|null);

            /** DeleteMessage grant */
            grant?: (Uint8Array|null);

            /** DeleteMessage messageType */
            messageType?: (number|null);

            /** DeleteMessage deletedBy */
            deletedBy?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DeleteMessage. */
        type $Shape = payloads.DeleteMessage.$Properties;
    }
}

export import ApplicationMetadataMessage = payloads.ApplicationMetadataMessage;
export import StickerMessage = payloads.StickerMessage;
export import ImageMessage = payloads.ImageMessage;
export import AudioMessage = payloads.AudioMessage;
export import ChatMessage = payloads.ChatMessage;
export import ContactUpdate = payloads.ContactUpdate;
export import EmojiReaction = payloads.EmojiReaction;
export import MembershipUpdateMessage = payloads.MembershipUpdateMessage;
export import MembershipUpdateEvent = payloads.MembershipUpdateEvent;
export import PairInstallation = payloads.PairInstallation;
export import SyncInstallationContact = payloads.SyncInstallationContact;
export import SyncInstallationPublicChat = payloads.SyncInstallationPublicChat;
export import SyncInstallationAccount = payloads.SyncInstallationAccount;
export import SyncInstallation = payloads.SyncInstallation;
export import RequestAddressForTransaction = payloads.RequestAddressForTransaction;
export import AcceptRequestAddressForTransaction = payloads.AcceptRequestAddressForTransaction;
export import DeclineRequestAddressForTransaction = payloads.DeclineRequestAddressForTransaction;
export import RequestTransaction = payloads.RequestTransaction;
export import DeclineRequestTransaction = payloads.DeclineRequestTransaction;
export import SendTransaction = payloads.SendTransaction;
export import PushNotificationRegistration = payloads.PushNotificationRegistration;
export import PushNotificationRegistrationResponse = payloads.PushNotificationRegistrationResponse;
export import PushNotificationQueryInfo = payloads.PushNotificationQueryInfo;
export import ContactCodeAdvertisement = payloads.ContactCodeAdvertisement;
export import PushNotificationQuery = payloads.PushNotificationQuery;
export import PushNotificationQueryResponse = payloads.PushNotificationQueryResponse;
export import PushNotification = payloads.PushNotification;
export import PushNotificationRequest = payloads.PushNotificationRequest;
export import PushNotificationReport = payloads.PushNotificationReport;
export import PushNotificationResponse = payloads.PushNotificationResponse;
export import PinMessage = payloads.PinMessage;
export import EditMessage = payloads.EditMessage;
export import DeleteMessage = payloads.DeleteMessage;
export {};
