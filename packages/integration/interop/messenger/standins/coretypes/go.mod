module github.com/status-im/status-go/eth-node/core/types

go 1.21

require github.com/ethereum/go-ethereum v1.9.5
