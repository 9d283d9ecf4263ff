package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/lti"
)

// wantedCopy is what a copy shall be called.
type wantedCopy struct {
	ID    string `json:"id" minLength:"1" maxLength:"255" doc:"Free within the domain, or for a link within the course."`
	Title string `json:"title,omitempty" maxLength:"16384" doc:"That of the original without one."`
}

type copyCourseInput struct {
	CoursePath
	Body wantedCopy
}

type copyLinkInput struct {
	CoursePath
	Link string `path:"link"`
	Body wantedCopy
}

type copiedCourse struct {
	Domain  string   `json:"domain"`
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Links   int      `json:"links"`
	History []string `json:"history" nullable:"false" doc:"Context ids of what it was copied from, newest first."`
}

func (s *Server) copyCourse(ctx context.Context, in *copyCourseInput) (*found[copiedCourse], error) {
	from := lti.CourseRef{Domain: in.Domain, ID: in.Course}
	made, err := s.Copy(ctx, from, course.Wanted(in.Body), operatorOf(ctx).name)
	if err != nil {
		return nil, err
	}
	out := copiedCourse{Domain: made.Domain, ID: made.ID, Title: made.Title, History: made.History}
	for range made.AllLinks() {
		out.Links++
	}
	return &found[copiedCourse]{out}, nil
}

type copiedLink struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	History []string `json:"history" nullable:"false" doc:"Resource link ids of what it was copied from, newest first."`
}

func (s *Server) copyLink(ctx context.Context, in *copyLinkInput) (*found[copiedLink], error) {
	home := lti.CourseRef{Domain: in.Domain, ID: in.Course}
	made, err := s.CopyLink(ctx, home, in.Link, course.Wanted(in.Body), operatorOf(ctx).name)
	if err != nil {
		return nil, err
	}
	return &found[copiedLink]{copiedLink{ID: made.ID, Title: made.Title, History: made.History}}, nil
}

// created makes an operation answer 201.
func created(op huma.Operation) huma.Operation {
	op.DefaultStatus = http.StatusCreated
	return op
}
