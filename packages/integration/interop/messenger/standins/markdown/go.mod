module github.com/gomarkdown/markdown

go 1.21

require github.com/status-im/markdown v0.0.0-20200210164614-b9fe92168122
