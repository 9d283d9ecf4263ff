package main

import (
	"testing"
)

// TestPagesAreInTheLanguageOfTheLMS walks a student and an instructor of a
// German LMS from the course to a score and its place in the gradebook.
func TestPagesAreInTheLanguageOfTheLMS(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.lms.Locale = "de"
	course := w.url + "/courses/uni/phys101"
	b := newBrowser(t)

	// A student goes from the course to a quiz, and scores.
	b.open(w.lms.PublicURL + "/?user=" + ada)
	b.click("#launch-rl-course")
	b.arrives(course)
	b.sees("Meine Ergebnisse")
	b.sees("Ada Moss, Student/in, von Campus LMS")
	if got := b.evaluate("document.documentElement.lang"); got != "de" {
		t.Errorf("the page says that it is in %q, want de", got)
	}
	b.click(`a[href*="/l/quiz1"]`)
	tool := b.inside(w.tool.PublicURL)
	tool.sees("Hello Ada Moss")
	tool.fill("#score", "0.85")
	tool.click("#post-score")
	tool.sees("success")
	w.graded(ada, "rl-course", 0.085)

	// Her results tell that it arrived, with a comma before decimals.
	b.open(w.lms.PublicURL + "/?user=" + ada)
	b.click("#launch-rl-course")
	b.arrives(course)
	b.click(`nav a[href*="/results"]`)
	b.sees("von 10\n85 %")
	b.sees("Ihre Kurssumme von 8,5 % ist am ")
	b.sees(" bei Campus LMS angekommen.")

	// The instructor finds it in the gradebook, and sets another by hand.
	b.open(w.lms.PublicURL + "/?user=" + ines)
	b.click("#launch-rl-course")
	b.arrives(course)
	b.sees("von Campus LMS")
	b.click(`nav a[href*="/gradebook"]`)
	b.arrives(course + "/gradebook")
	b.sees("Auf dem Weg zum LMS:")
	b.click(`td a[href*="quiz1/ada"]`)
	b.sees("Punkte von Hand setzen")
	b.write("#score", "zehn")
	b.press("Punkte setzen")
	b.sees("Geben Sie eine Zahl von 0 bis 10 ein.")
	b.forgive("422")
	b.write("#score", "9,5")
	b.press("Punkte setzen")
	b.sees("Das Ergebnis ist gesetzt und zählt ab jetzt.")
	b.sees("Von Hand gesetzt von ")
	b.click(`nav a[href*="/members"]`)
	b.sees("Lehrperson")
	b.sees("Alle Rollen")
}
