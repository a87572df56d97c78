package workflows

// form is the WorkflowSchema form of a file.
type form struct {
	Metadata struct {
		Name        string `json:"name"`
		Version     string `json:"version"`
		Title       string `json:"title"`
		Description string `json:"description"`
		Owner       string `json:"owner"`
		Maintainer  string `json:"maintainer"`
	} `json:"metadata"`
	Labels    Labels `json:"labels"`
	Status    string `json:"status"`
	Execution struct {
		Engine string `json:"engine"`
		Bundle string `json:"bundle"`
	} `json:"execution"`
	Parameters []Parameter `json:"parameters"`
}

func (f form) workflow(content string) Workflow {
	return Workflow{
		Name:        f.Metadata.Name,
		Version:     f.Metadata.Version,
		Title:       f.Metadata.Title,
		Description: f.Metadata.Description,
		Owner:       f.Metadata.Owner,
		Maintainer:  f.Metadata.Maintainer,
		Labels:      f.Labels,
		Engine:      f.Execution.Engine,
		Status:      f.Status,
		Parameters:  f.Parameters,
		bundle:      f.Execution.Bundle,
		content:     content,
	}
}
