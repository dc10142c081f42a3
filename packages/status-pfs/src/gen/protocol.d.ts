import type { protobuf as $protobuf } from "@status-stack/protobuf";
import type { Long } from "@status-stack/protobuf";

export interface ISignedPreKey extends SignedPreKey.$Properties {
}

export class SignedPreKey {
    constructor(properties?: SignedPreKey.$Properties);
    $unknowns?: Uint8Array[];
    signedPreKey: Uint8Array;
    version: number;
    protocolVersion: number;
    static encode(message: SignedPreKey.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): SignedPreKey & SignedPreKey.$Shape;
}

export namespace SignedPreKey {
    interface $Properties {
        signedPreKey?: (Uint8Array|null);
        version?: (number|null);
        protocolVersion?: (number|null);
        $unknowns?: Uint8Array[];
    }
    type $Shape = SignedPreKey.$Properties;
}

export interface IBundle extends Bundle.$Properties {
}

export class Bundle {
    constructor(properties?: Bundle.$Properties);
    $unknowns?: Uint8Array[];
    identity: Uint8Array;
    signedPreKeys: { [k: string]: SignedPreKey.$Properties };
    signature: Uint8Array;
    timestamp: Long;
    static encode(message: Bundle.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): Bundle & Bundle.$Shape;
}

export namespace Bundle {
    interface $Properties {
        identity?: (Uint8Array|null);
        signedPreKeys?: ({ [k: string]: SignedPreKey.$Properties }|null);
        signature?: (Uint8Array|null);
        timestamp?: (Long|null);
        $unknowns?: Uint8Array[];
    }
    type $Shape = Bundle.$Properties;
}

export interface IX3DHHeader extends X3DHHeader.$Properties {
}

export class X3DHHeader {
    constructor(properties?: X3DHHeader.$Properties);
    $unknowns?: Uint8Array[];
    key: Uint8Array;
    id: Uint8Array;
    static encode(message: X3DHHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): X3DHHeader & X3DHHeader.$Shape;
}

export namespace X3DHHeader {
    interface $Properties {
        key?: (Uint8Array|null);
        id?: (Uint8Array|null);
        $unknowns?: Uint8Array[];
    }
    type $Shape = X3DHHeader.$Properties;
}

export interface IDRHeader extends DRHeader.$Properties {
}

export class DRHeader {
    constructor(properties?: DRHeader.$Properties);
    $unknowns?: Uint8Array[];
    key: Uint8Array;
    n: number;
    pn: number;
    id: Uint8Array;
    static encode(message: DRHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): DRHeader & DRHeader.$Shape;
}

export namespace DRHeader {
    interface $Properties {
        key?: (Uint8Array|null);
        n?: (number|null);
        pn?: (number|null);
        id?: (Uint8Array|null);
        $unknowns?: Uint8Array[];
    }
    type $Shape = DRHeader.$Properties;
}

export interface IDHHeader extends DHHeader.$Properties {
}

export class DHHeader {
    constructor(properties?: DHHeader.$Properties);
    $unknowns?: Uint8Array[];
    key: Uint8Array;
    static encode(message: DHHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): DHHeader & DHHeader.$Shape;
}

export namespace DHHeader {
    interface $Properties {
        key?: (Uint8Array|null);
        $unknowns?: Uint8Array[];
    }
    type $Shape = DHHeader.$Properties;
}

export interface IDirectMessageProtocol extends DirectMessageProtocol.$Properties {
}

export class DirectMessageProtocol {
    constructor(properties?: DirectMessageProtocol.$Properties);
    $unknowns?: Uint8Array[];
    X3DHHeader?: (X3DHHeader.$Properties|null);
    DRHeader?: (DRHeader.$Properties|null);
    payload: Uint8Array;
    DHHeader?: (DHHeader.$Properties|null);
    static encode(message: DirectMessageProtocol.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): DirectMessageProtocol & DirectMessageProtocol.$Shape;
}

export namespace DirectMessageProtocol {
    interface $Properties {
        X3DHHeader?: (X3DHHeader.$Properties|null);
        DRHeader?: (DRHeader.$Properties|null);
        payload?: (Uint8Array|null);
        DHHeader?: (DHHeader.$Properties|null);
        $unknowns?: Uint8Array[];
    }
    type $Shape = DirectMessageProtocol.$Properties;
}

export interface IProtocolMessage extends ProtocolMessage.$Properties {
}

export class ProtocolMessage {
    constructor(properties?: ProtocolMessage.$Properties);
    $unknowns?: Uint8Array[];
    installationId: string;
    bundles: Bundle.$Properties[];
    directMessage: { [k: string]: DirectMessageProtocol.$Properties };
    publicMessage: Uint8Array;
    static encode(message: ProtocolMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): ProtocolMessage & ProtocolMessage.$Shape;
}

export namespace ProtocolMessage {
    interface $Properties {
        installationId?: (string|null);
        bundles?: (Bundle.$Properties[]|null);
        directMessage?: ({ [k: string]: DirectMessageProtocol.$Properties }|null);
        publicMessage?: (Uint8Array|null);
        $unknowns?: Uint8Array[];
    }
    type $Shape = ProtocolMessage.$Properties;
}

export interface IBundleContainer extends BundleContainer.$Properties {
}

export class BundleContainer {
    constructor(properties?: BundleContainer.$Properties);
    $unknowns?: Uint8Array[];
    bundle?: (Bundle.$Properties|null);
    privateSignedPreKey: Uint8Array;
    static encode(message: BundleContainer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;
    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): BundleContainer & BundleContainer.$Shape;
}

export namespace BundleContainer {
    interface $Properties {
        bundle?: (Bundle.$Properties|null);
        privateSignedPreKey?: (Uint8Array|null);
        $unknowns?: Uint8Array[];
    }
    type $Shape = BundleContainer.$Properties;
}
