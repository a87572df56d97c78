package parts

import (
	"fmt"
	"slices"
)

// dependencies of a node, whichever way it depends.
func (n Node) dependencies() []string { return slices.Concat(n.Needs, n.Calls) }

// usersOf names the parts that depend on one directly.
func usersOf(nodes []Node, name string) []string {
	var users []string
	for _, node := range nodes {
		if slices.Contains(node.dependencies(), name) {
			users = append(users, node.Name())
		}
	}
	return users
}

// Independent names the parts that can be ready before an input is provided.
func (g *Group) Independent(input string) []string {
	waiting := []string{input}
	for i := 0; i < len(waiting); i++ {
		for _, user := range usersOf(g.nodes, waiting[i]) {
			if !slices.Contains(waiting, user) {
				waiting = append(waiting, user)
			}
		}
	}
	return slices.DeleteFunc(g.Names(), func(name string) bool { return slices.Contains(waiting, name) })
}

// Names lists the parts.
func (g *Group) Names() []string {
	names := make([]string, len(g.nodes))
	for i, node := range g.nodes {
		names[i] = node.Name()
	}
	return names
}

// check takes parts away that depend on nothing that is left; what remains is
// a circle, or depends on what does not exist.
func check(nodes []Node, inputs []string) error {
	known := slices.Clone(inputs)
	for _, node := range nodes {
		known = append(known, node.Name())
	}
	for _, node := range nodes {
		for _, name := range node.dependencies() {
			if !slices.Contains(known, name) {
				return fmt.Errorf("%s needs %s: leave both out, or none", node.Name(), name)
			}
		}
	}
	placed, left := slices.Clone(inputs), slices.Clone(nodes)
	for len(left) > 0 {
		before := len(left)
		left = slices.DeleteFunc(left, func(node Node) bool {
			free := !slices.ContainsFunc(node.dependencies(), func(name string) bool { return !slices.Contains(placed, name) })
			if free {
				placed = append(placed, node.Name())
			}
			return free
		})
		if len(left) == before {
			return fmt.Errorf("%s depends on itself, through other parts", left[0].Name())
		}
	}
	return nil
}
