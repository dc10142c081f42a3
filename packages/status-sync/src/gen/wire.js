/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "@status-stack/protobuf";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;


export const Payload = /* @__PURE__ */ (function() {

    /**
     * Properties of a Payload.
     * @typedef {Object} mvds.Payload.$Properties
     * @property {Array.<Uint8Array>|null} [acks] Payload acks
     * @property {Array.<Uint8Array>|null} [offers] Payload offers
     * @property {Array.<Uint8Array>|null} [requests] Payload requests
     * @property {Array.<mvds.Message.$Properties>|null} [messages] Payload messages
     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
     */

    /**
     * Properties of a Payload.
     * @memberof mvds
     * @interface IPayload
     * @augments mvds.Payload.$Properties
     * @deprecated Use mvds.Payload.$Properties instead.
     */

    /**
     * Shape of a Payload.
     * @typedef {mvds.Payload.$Properties} mvds.Payload.$Shape
     */

    /**
     * Constructs a new Payload.
     * @memberof mvds
     * @classdesc Represents a Payload.
     * @constructor
     * @param {mvds.Payload.$Properties=} [properties] Properties to set
     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
     */
    const Payload = function (properties) {
        this.acks = [];
        this.offers = [];
        this.requests = [];
        this.messages = [];
        if (properties)
            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    /**
     * Payload acks.
     * @member {Array.<Uint8Array>} acks
     * @memberof mvds.Payload
     * @instance
     */
    Payload.prototype.acks = $util.emptyArray;

    /**
     * Payload offers.
     * @member {Array.<Uint8Array>} offers
     * @memberof mvds.Payload
     * @instance
     */
    Payload.prototype.offers = $util.emptyArray;

    /**
     * Payload requests.
     * @member {Array.<Uint8Array>} requests
     * @memberof mvds.Payload
     * @instance
     */
    Payload.prototype.requests = $util.emptyArray;

    /**
     * Payload messages.
     * @member {Array.<mvds.Message.$Properties>} messages
     * @memberof mvds.Payload
     * @instance
     */
    Payload.prototype.messages = $util.emptyArray;

    /**
     * Encodes the specified Payload message. Does not implicitly {@link mvds.Payload.verify|verify} messages.
     * @function encode
     * @memberof mvds.Payload
     * @static
     * @param {mvds.Payload.$Properties} message Payload message or plain object to encode
     * @param {$protobuf.Writer} [writer] Writer to encode to
     * @returns {$protobuf.Writer} Writer
     */
    Payload.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.acks != null && message.acks.length)
            for (let i = 0; i < message.acks.length; ++i)
                writer.uint32(/* id 5001, wireType 2 =*/40010).bytes(message.acks[i]);
        if (message.offers != null && message.offers.length)
            for (let i = 0; i < message.offers.length; ++i)
                writer.uint32(/* id 5002, wireType 2 =*/40018).bytes(message.offers[i]);
        if (message.requests != null && message.requests.length)
            for (let i = 0; i < message.requests.length; ++i)
                writer.uint32(/* id 5003, wireType 2 =*/40026).bytes(message.requests[i]);
        if (message.messages != null && message.messages.length)
            for (let i = 0; i < message.messages.length; ++i)
                Message.encode(message.messages[i], writer.uint32(/* id 5004, wireType 2 =*/40034).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (let i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    /**
     * Decodes a Payload message from the specified reader or buffer.
     * @function decode
     * @memberof mvds.Payload
     * @static
     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
     * @param {number} [length] Message length if known beforehand
     * @returns {mvds.Payload & mvds.Payload.$Shape} Payload
     * @throws {Error} If the payload is not a reader or valid buffer
     * @throws {$protobuf.util.ProtocolError} If required fields are missing
     */
    Payload.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        let end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new Payload();
        while (reader.pos < end) {
            let start = reader.pos;
            let tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            let wireType = tag & 7;
            switch (tag >>>= 3) {
            case 5001: {
                    if (wireType !== 2)
                        break;
                    if (!(message.acks && message.acks.length))
                        message.acks = [];
                    message.acks.push(reader.bytes());
                    continue;
                }
            case 5002: {
                    if (wireType !== 2)
                        break;
                    if (!(message.offers && message.offers.length))
                        message.offers = [];
                    message.offers.push(reader.bytes());
                    continue;
                }
            case 5003: {
                    if (wireType !== 2)
                        break;
                    if (!(message.requests && message.requests.length))
                        message.requests = [];
                    message.requests.push(reader.bytes());
                    continue;
                }
            case 5004: {
                    if (wireType !== 2)
                        break;
                    if (!(message.messages && message.messages.length))
                        message.messages = [];
                    message.messages.push(Message.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Payload;
})();

export const Message = /* @__PURE__ */ (function() {

    /**
     * Properties of a Message.
     * @typedef {Object} mvds.Message.$Properties
     * @property {Uint8Array|null} [groupId] Message groupId
     * @property {number|Long|null} [timestamp] Message timestamp
     * @property {Uint8Array|null} [body] Message body
     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
     */

    /**
     * Properties of a Message.
     * @memberof mvds
     * @interface IMessage
     * @augments mvds.Message.$Properties
     * @deprecated Use mvds.Message.$Properties instead.
     */

    /**
     * Shape of a Message.
     * @typedef {mvds.Message.$Properties} mvds.Message.$Shape
     */

    /**
     * Constructs a new Message.
     * @memberof mvds
     * @classdesc Represents a Message.
     * @constructor
     * @param {mvds.Message.$Properties=} [properties] Properties to set
     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
     */
    const Message = function (properties) {
        if (properties)
            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    /**
     * Message groupId.
     * @member {Uint8Array} groupId
     * @memberof mvds.Message
     * @instance
     */
    Message.prototype.groupId = $util.newBuffer([]);

    /**
     * Message timestamp.
     * @member {number|Long} timestamp
     * @memberof mvds.Message
     * @instance
     */
    Message.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

    /**
     * Message body.
     * @member {Uint8Array} body
     * @memberof mvds.Message
     * @instance
     */
    Message.prototype.body = $util.newBuffer([]);

    /**
     * Encodes the specified Message message. Does not implicitly {@link mvds.Message.verify|verify} messages.
     * @function encode
     * @memberof mvds.Message
     * @static
     * @param {mvds.Message.$Properties} message Message message or plain object to encode
     * @param {$protobuf.Writer} [writer] Writer to encode to
     * @returns {$protobuf.Writer} Writer
     */
    Message.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.groupId != null && $Object.hasOwnProperty.call(message, "groupId") && message.groupId.length)
            writer.uint32(/* id 6001, wireType 2 =*/48010).bytes(message.groupId);
        if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
            writer.uint32(/* id 6002, wireType 0 =*/48016).int64(message.timestamp);
        if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
            writer.uint32(/* id 6003, wireType 2 =*/48026).bytes(message.body);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (let i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    /**
     * Decodes a Message message from the specified reader or buffer.
     * @function decode
     * @memberof mvds.Message
     * @static
     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
     * @param {number} [length] Message length if known beforehand
     * @returns {mvds.Message & mvds.Message.$Shape} Message
     * @throws {Error} If the payload is not a reader or valid buffer
     * @throws {$protobuf.util.ProtocolError} If required fields are missing
     */
    Message.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        let end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new Message();
        while (reader.pos < end) {
            let start = reader.pos;
            let tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            let wireType = tag & 7;
            switch (tag >>>= 3) {
            case 6001: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.groupId = value;
                    else
                        delete message.groupId;
                    continue;
                }
            case 6002: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.timestamp = value;
                    else
                        delete message.timestamp;
                    continue;
                }
            case 6003: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.body = value;
                    else
                        delete message.body;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Message;
})();



export const Record = /* @__PURE__ */ (function() {

    /**
     * Properties of a Record.
     * @typedef {Object} stored.Record.$Properties
     * @property {number|null} [version] Record version
     * @property {Uint8Array|null} [peer] Record peer
     * @property {Uint8Array|null} [id] Record id
     * @property {number|null} [kind] Record kind
     * @property {string|null} [tracking] Record tracking
     * @property {number|Long|null} [timestamp] Record timestamp
     * @property {number|null} [size] Record size
     * @property {number|null} [createdMs] Record createdMs
     * @property {number|null} [count] Record count
     * @property {number|null} [attempts] Record attempts
     * @property {number|null} [lastAttemptMs] Record lastAttemptMs
     * @property {number|null} [dueMs] Record dueMs
     * @property {boolean|null} [held] Record held
     * @property {number|null} [restarts] Record restarts
     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
     */

    /**
     * Properties of a Record.
     * @memberof stored
     * @interface IRecord
     * @augments stored.Record.$Properties
     * @deprecated Use stored.Record.$Properties instead.
     */

    /**
     * Shape of a Record.
     * @typedef {stored.Record.$Properties} stored.Record.$Shape
     */

    /**
     * Constructs a new Record.
     * @memberof stored
     * @classdesc Represents a Record.
     * @constructor
     * @param {stored.Record.$Properties=} [properties] Properties to set
     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
     */
    const Record = function (properties) {
        if (properties)
            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    /**
     * Record version.
     * @member {number} version
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.version = 0;

    /**
     * Record peer.
     * @member {Uint8Array} peer
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.peer = $util.newBuffer([]);

    /**
     * Record id.
     * @member {Uint8Array} id
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.id = $util.newBuffer([]);

    /**
     * Record kind.
     * @member {number} kind
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.kind = 0;

    /**
     * Record tracking.
     * @member {string} tracking
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.tracking = "";

    /**
     * Record timestamp.
     * @member {number|Long} timestamp
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

    /**
     * Record size.
     * @member {number} size
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.size = 0;

    /**
     * Record createdMs.
     * @member {number} createdMs
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.createdMs = 0;

    /**
     * Record count.
     * @member {number} count
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.count = 0;

    /**
     * Record attempts.
     * @member {number} attempts
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.attempts = 0;

    /**
     * Record lastAttemptMs.
     * @member {number} lastAttemptMs
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.lastAttemptMs = 0;

    /**
     * Record dueMs.
     * @member {number} dueMs
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.dueMs = 0;

    /**
     * Record held.
     * @member {boolean} held
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.held = false;

    /**
     * Record restarts.
     * @member {number} restarts
     * @memberof stored.Record
     * @instance
     */
    Record.prototype.restarts = 0;

    /**
     * Encodes the specified Record message. Does not implicitly {@link stored.Record.verify|verify} messages.
     * @function encode
     * @memberof stored.Record
     * @static
     * @param {stored.Record.$Properties} message Record message or plain object to encode
     * @param {$protobuf.Writer} [writer] Writer to encode to
     * @returns {$protobuf.Writer} Writer
     */
    Record.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0)
            writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.version);
        if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && message.peer.length)
            writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.peer);
        if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
            writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.id);
        if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
            writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.kind);
        if (message.tracking != null && $Object.hasOwnProperty.call(message, "tracking") && message.tracking !== "")
            writer.uint32(/* id 5, wireType 2 =*/42).string(message.tracking);
        if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
            writer.uint32(/* id 6, wireType 0 =*/48).int64(message.timestamp);
        if (message.size != null && $Object.hasOwnProperty.call(message, "size") && message.size !== 0)
            writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.size);
        if (message.createdMs != null && $Object.hasOwnProperty.call(message, "createdMs") && !$Object.is(message.createdMs, 0))
            writer.uint32(/* id 9, wireType 1 =*/73).double(message.createdMs);
        if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
            writer.uint32(/* id 10, wireType 0 =*/80).uint32(message.count);
        if (message.attempts != null && $Object.hasOwnProperty.call(message, "attempts") && message.attempts !== 0)
            writer.uint32(/* id 11, wireType 0 =*/88).uint32(message.attempts);
        if (message.lastAttemptMs != null && $Object.hasOwnProperty.call(message, "lastAttemptMs") && !$Object.is(message.lastAttemptMs, 0))
            writer.uint32(/* id 12, wireType 1 =*/97).double(message.lastAttemptMs);
        if (message.dueMs != null && $Object.hasOwnProperty.call(message, "dueMs") && !$Object.is(message.dueMs, 0))
            writer.uint32(/* id 13, wireType 1 =*/105).double(message.dueMs);
        if (message.held != null && $Object.hasOwnProperty.call(message, "held") && message.held !== false)
            writer.uint32(/* id 14, wireType 0 =*/112).bool(message.held);
        if (message.restarts != null && $Object.hasOwnProperty.call(message, "restarts") && message.restarts !== 0)
            writer.uint32(/* id 15, wireType 0 =*/120).uint32(message.restarts);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (let i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    /**
     * Decodes a Record message from the specified reader or buffer.
     * @function decode
     * @memberof stored.Record
     * @static
     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
     * @param {number} [length] Message length if known beforehand
     * @returns {stored.Record & stored.Record.$Shape} Record
     * @throws {Error} If the payload is not a reader or valid buffer
     * @throws {$protobuf.util.ProtocolError} If required fields are missing
     */
    Record.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        let end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new Record();
        while (reader.pos < end) {
            let start = reader.pos;
            let tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            let wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.version = value;
                    else
                        delete message.version;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.peer = value;
                    else
                        delete message.peer;
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.id = value;
                    else
                        delete message.id;
                    continue;
                }
            case 4: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.kind = value;
                    else
                        delete message.kind;
                    continue;
                }
            case 5: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.tracking = value;
                    else
                        delete message.tracking;
                    continue;
                }
            case 6: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.timestamp = value;
                    else
                        delete message.timestamp;
                    continue;
                }
            case 7: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.size = value;
                    else
                        delete message.size;
                    continue;
                }
            case 9: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.createdMs = value;
                    else
                        delete message.createdMs;
                    continue;
                }
            case 10: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.count = value;
                    else
                        delete message.count;
                    continue;
                }
            case 11: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.attempts = value;
                    else
                        delete message.attempts;
                    continue;
                }
            case 12: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.lastAttemptMs = value;
                    else
                        delete message.lastAttemptMs;
                    continue;
                }
            case 13: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.dueMs = value;
                    else
                        delete message.dueMs;
                    continue;
                }
            case 14: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.bool())
                        message.held = value;
                    else
                        delete message.held;
                    continue;
                }
            case 15: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.restarts = value;
                    else
                        delete message.restarts;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Record;
})();

export const Peer = /* @__PURE__ */ (function() {

    /**
     * Properties of a Peer.
     * @typedef {Object} stored.Peer.$Properties
     * @property {number|null} [version] Peer version
     * @property {Uint8Array|null} [peer] Peer peer
     * @property {number|null} [nextSlot] Peer nextSlot
     * @property {number|null} [usedSlots] Peer usedSlots
     * @property {number|null} [heardMs] Peer heardMs
     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
     */

    /**
     * Properties of a Peer.
     * @memberof stored
     * @interface IPeer
     * @augments stored.Peer.$Properties
     * @deprecated Use stored.Peer.$Properties instead.
     */

    /**
     * Shape of a Peer.
     * @typedef {stored.Peer.$Properties} stored.Peer.$Shape
     */

    /**
     * Constructs a new Peer.
     * @memberof stored
     * @classdesc Represents a Peer.
     * @constructor
     * @param {stored.Peer.$Properties=} [properties] Properties to set
     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
     */
    const Peer = function (properties) {
        if (properties)
            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    /**
     * Peer version.
     * @member {number} version
     * @memberof stored.Peer
     * @instance
     */
    Peer.prototype.version = 0;

    /**
     * Peer peer.
     * @member {Uint8Array} peer
     * @memberof stored.Peer
     * @instance
     */
    Peer.prototype.peer = $util.newBuffer([]);

    /**
     * Peer nextSlot.
     * @member {number} nextSlot
     * @memberof stored.Peer
     * @instance
     */
    Peer.prototype.nextSlot = 0;

    /**
     * Peer usedSlots.
     * @member {number} usedSlots
     * @memberof stored.Peer
     * @instance
     */
    Peer.prototype.usedSlots = 0;

    /**
     * Peer heardMs.
     * @member {number} heardMs
     * @memberof stored.Peer
     * @instance
     */
    Peer.prototype.heardMs = 0;

    /**
     * Encodes the specified Peer message. Does not implicitly {@link stored.Peer.verify|verify} messages.
     * @function encode
     * @memberof stored.Peer
     * @static
     * @param {stored.Peer.$Properties} message Peer message or plain object to encode
     * @param {$protobuf.Writer} [writer] Writer to encode to
     * @returns {$protobuf.Writer} Writer
     */
    Peer.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0)
            writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.version);
        if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && message.peer.length)
            writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.peer);
        if (message.nextSlot != null && $Object.hasOwnProperty.call(message, "nextSlot") && message.nextSlot !== 0)
            writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.nextSlot);
        if (message.usedSlots != null && $Object.hasOwnProperty.call(message, "usedSlots") && message.usedSlots !== 0)
            writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.usedSlots);
        if (message.heardMs != null && $Object.hasOwnProperty.call(message, "heardMs") && !$Object.is(message.heardMs, 0))
            writer.uint32(/* id 5, wireType 1 =*/41).double(message.heardMs);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (let i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    /**
     * Decodes a Peer message from the specified reader or buffer.
     * @function decode
     * @memberof stored.Peer
     * @static
     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
     * @param {number} [length] Message length if known beforehand
     * @returns {stored.Peer & stored.Peer.$Shape} Peer
     * @throws {Error} If the payload is not a reader or valid buffer
     * @throws {$protobuf.util.ProtocolError} If required fields are missing
     */
    Peer.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        let end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new Peer();
        while (reader.pos < end) {
            let start = reader.pos;
            let tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            let wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.version = value;
                    else
                        delete message.version;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.peer = value;
                    else
                        delete message.peer;
                    continue;
                }
            case 3: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.nextSlot = value;
                    else
                        delete message.nextSlot;
                    continue;
                }
            case 4: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.usedSlots = value;
                    else
                        delete message.usedSlots;
                    continue;
                }
            case 5: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.heardMs = value;
                    else
                        delete message.heardMs;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Peer;
})();


