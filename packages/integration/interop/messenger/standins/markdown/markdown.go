// Package markdown stands for a commit of status-im's fork that the module proxy does not serve; it uses that fork's next commit, which
// is the one of status-go 0.56.10. The messenger parses texts with it for display: nothing of it is sent.
package markdown

import (
	"github.com/status-im/markdown"
	"github.com/status-im/markdown/ast"
	"github.com/status-im/markdown/parser"
)

// Parse hands over.
func Parse(text []byte, with *parser.Parser) ast.Node { return markdown.Parse(text, with) }
