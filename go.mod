module github.com/jordigilh/kubernaut

go 1.26.0
