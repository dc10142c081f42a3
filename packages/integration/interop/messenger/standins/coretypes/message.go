// Package types stands for one of a later eth-node, which the module proxy does not serve and protocol v1.1.1 imports. It is used to
// compare a transaction with a chain; here is no chain.
package types

import "github.com/ethereum/go-ethereum/core/types"

// Message is what a transaction would be turned into.
type Message struct{ types.Message }
