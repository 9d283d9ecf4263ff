package web_test

import (
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

func editFrame(path string) web.Frame {
	f := teacherFrame("/courses/uni/phys101/edit" + path)
	f.Course.Edit = true
	return f
}

// editSamples are the pages on which a course is edited.
func editSamples() []sample {
	all := orderSamples()
	all = append(all, linkFormSamples()...)
	all = append(all, settingsSamples()...)
	return append(all, courseToolSamples()...)
}

func orderSamples() []sample {
	quizzes := []web.EditLinkRow{{ID: "quiz1", Title: "Quiz 1: units and vectors", ToolName: "Quizzer", Points: 10}, {ID: "read1", Title: "Reading: chapters 1 and 2", ToolName: "Shelf"}}
	typical := web.EditCoursePage{Frame: editFrame(""), Version: "v1", AddFrom: []web.AddTool{{ID: "quizzer", Name: "Quizzer"}, {ID: "shelf", Name: "Shelf"}},
		Folders: []web.EditFolderRow{{ID: "week1", Title: "Week 1: Foundations", Links: quizzes}, {ID: "week2", Title: "Week 2: Motion"}},
		Links:   []web.EditLinkRow{{ID: "forum", Title: "Question board", ToolName: "Agora"}, {ID: "lost", Title: "Old lab", Points: 5, Missing: true}}}
	wrong := typical
	wrong.Stale, wrong.FolderFault = true, "it is missing: people read it in the list"
	typical.Folders[0].Protected, quizzes[0].Protected = true, true
	full := web.EditCoursePage{Frame: editFrame(""), Version: "v1"}
	for week := range 8 {
		folder := web.EditFolderRow{ID: fmt.Sprint("w", week), Title: fmt.Sprintf("Week %d: a title that says quite a lot about it", week+1)}
		for i := range 5 {
			folder.Links = append(folder.Links, web.EditLinkRow{ID: fmt.Sprint("l", week, i), Title: fmt.Sprintf("Exercise %d.%d", week+1, i+1), ToolName: "Quizzer", Points: float64(i)})
		}
		full.Folders = append(full.Folders, folder)
	}
	for i := range 6 {
		full.AddFrom = append(full.AddFrom, web.AddTool{ID: fmt.Sprint("t", i), Name: fmt.Sprintf("Tool %d", i)})
	}
	return []sample{
		{"EditCourse", "typical", 200, typical},
		{"EditCourse", "empty", 200, web.EditCoursePage{Frame: editFrame("")}},
		{"EditCourse", "fault", 409, wrong},
		{"EditCourse", "full", 200, full},
		{"EditFolder", "typical", 200, web.EditFolderPage{Frame: editFrame("/folders/week1"), ID: "week1", Name: "Week 1: Foundations", Fields: web.FolderFields{Title: "Week 1: Foundations", Protected: true}, Version: "v1", Links: 3}},
		{"EditFolder", "stale", 409, web.EditFolderPage{Frame: editFrame("/folders/week1"), ID: "week1", Name: "Week 1", Fields: web.FolderFields{Title: "Basics"}, Stale: true}},
	}
}

func linkFormSamples() []sample {
	fields := web.LinkFields{Title: "Quiz 1: units and vectors", Description: "Bring a pencil.", Tool: "quizzer", Folder: "week1", Points: "10",
		Custom: "quiz=1\nlevel=easy\n", Policy: lti.PolicyBest, Due: "2026-12-01T10:00", Tiny: "q1"}
	typical := web.EditLinkPage{Frame: editFrame("/links/quiz1"), ID: "quiz1", Name: "Quiz 1: units and vectors", Fields: fields, Version: "v1", Results: 87,
		Tools: []web.AddTool{{ID: "quizzer", Name: "Quizzer"}, {ID: "shelf", Name: "Shelf"}}, Folders: []lti.Folder{{ID: "week1", Title: "Week 1: Foundations"}, {ID: "week2"}},
		LaunchURL: "https://hub.example/lti/launch/uni/phys101/l/quiz1"}
	fault := typical
	fault.Fields.Points, fault.Fields.Title, fault.Fields.URL = "many", "", "ftp://x"
	fault.Faults = map[string]string{"title": "it is missing: people read it in the list", "points": "it must be a number from 0 to 1000000", "url": "it does not start with http:// or https://"}
	asked := typical
	asked.Ask, asked.Stale = true, true
	fresh := web.EditLinkPage{Frame: editFrame("/new-link"), Tools: typical.Tools, Folders: typical.Folders, Fields: web.LinkFields{Policy: lti.PolicyLatest}}
	return []sample{
		{"EditLink", "typical", 200, typical}, {"EditLink", "fault", 422, fault}, {"EditLink", "asked", 409, asked},
		{"EditLink", "new", 200, fresh}, {"EditLink", "empty", 200, web.EditLinkPage{Frame: editFrame("/new-link")}},
	}
}

func settingsSamples() []sample {
	typical := web.EditSettingsPage{Frame: editFrame("/settings"), Version: "v1",
		Fields: web.SettingFields{Title: "Physics 101: Mechanics", Label: "PHYS101", Start: "2026-09-01T00:00", Sections: "001\n002", Groups: "lab A"},
		Tools:  []lti.Tool{{ID: "lab", Name: "Lab bench", URL: "https://lab.example/lti"}, {ID: "old", Name: "Old quizzes", URL: "https://old.example/", Disabled: true}},
		Keys:   []web.ProtectionRow{{Key: "open-day", Lifetime: 5 * time.Minute}}, Copy: web.CopyFields{Title: "Physics 101: Mechanics (copy)"}}
	typical.Menu = true
	fault := typical
	fault.Changed, fault.ChangedFault = web.KeyFields{Key: "open-day", Minutes: "9999"}, "it must be a whole number from 1 to 1440"
	fault.Faults = map[string]string{"end": "end must come after start", "sections": `the name "001" occurs twice`}
	fault.KeyFaults = map[string]string{"key": "it is taken: choose another, or leave the field empty", "minutes": "it must be a whole number from 1 to 1440"}
	fault.CopyFaults = map[string]string{"id": "it is taken: choose another"}
	made := typical
	made.NewKey, made.NewSecret = "k3y", "s3cret"
	return []sample{
		{"EditSettings", "typical", 200, typical}, {"EditSettings", "fault", 422, fault}, {"EditSettings", "made", 200, made},
		{"EditSettings", "empty", 200, web.EditSettingsPage{Frame: editFrame("/settings")}},
	}
}

func courseToolSamples() []sample {
	fields := web.ToolFields{ID: "lab", Name: "Lab bench", URL: "https://lab.example/lti", Key: "lab-key", Method: "HMAC-SHA1", Send: []string{"name"}, Custom: "room=7\n", Target: "iframe", Passback: true}
	typical := web.EditToolPage{Frame: editFrame("/tools/lab"), ID: "lab", Name: "Lab bench", Fields: fields, Version: "v1", Links: 3, PreviousUntil: now.Add(48 * time.Hour), OutcomeURL: "https://hub.example/service/passback"}
	made := typical
	made.NewKey, made.NewSecret = "lab-key", "s3cret"
	fresh := web.EditToolPage{Frame: editFrame("/new-tool"), Fields: web.ToolFields{Method: "HMAC-SHA1", Passback: true}, Fetches: true}
	read := fresh
	read.Fields, read.FileRead, read.Warnings = fields, true, []string{"the file must not carry keys or secrets"}
	fault := fresh
	fault.Faults = map[string]string{"name": "it is missing: people see it beside the links", "url": "it has no host", "passport": `it is not "id:key:secret"`, "id": "it is that of another tool of this course or of the institution: choose another"}
	unused := typical
	unused.Links = 0
	fault.FileText, fault.FileFault = "<nothing>", "That is no XML that can be read."
	return []sample{{"EditTool", "typical", 200, typical}, {"EditTool", "made", 200, made}, {"EditTool", "empty", 200, fresh}, {"EditTool", "read", 200, read}, {"EditTool", "fault", 422, fault}, {"EditTool", "unused", 200, unused}}
}

// previewForm launches a tool for somebody who looks at the course as a student.
func previewForm(target string) web.LaunchFormPage {
	page := launchForm(target)
	page.Preview = true
	return page
}
