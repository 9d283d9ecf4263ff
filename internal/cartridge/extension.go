package cartridge

import (
	"maps"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
)

// extensions is what the link says to platforms and a tool has no place of its
// own for, as far as the bounds of lti.CheckExtensions go; left counts what is
// beyond them. URLs where Canvas should launch otherwise than we do are left out.
func (l Link) extensions() (kept []lti.ToolExtension, left int) {
	all := l.Extensions
	if canvas := l.Canvas.rest(); len(canvas.Properties)+len(canvas.Options) > 0 {
		all = slices.Concat([]Options{canvas}, all)
	}
	b := budget{parts: lti.MaxExtensionParts, bytes: lti.MaxExtensionBytes}
	return b.take(all, 1), b.left
}

// LeftOut is how many values of extensions ToTool has no room for.
func (l Link) LeftOut() int {
	_, left := l.extensions()
	return left
}

// rest is what Canvas is told beyond what ToTool takes elsewhere: of the tool as
// a whole, and of each placement.
func (c Canvas) rest() Options {
	s := Settings{
		Text: c.Text, IconURL: c.IconURL, MessageType: c.MessageType, Enabled: c.Enabled, Default: c.Default,
		Visibility: c.Visibility, Labels: c.Labels, More: c.More, MoreOptions: c.MoreOptions,
	}
	domain := field{"domain", &c.Domain}
	o := s.options(canvasPlatform, append(s.texts(), domain))
	for _, p := range c.Placements {
		more := Settings{More: p.More, MoreOptions: p.MoreOptions}.options(p.Name, nil)
		if len(more.Properties)+len(more.Options) > 0 {
			o.Options = append(o.Options, more)
		}
	}
	return o
}

// budget bounds what is taken.
type budget struct{ parts, bytes, left int }

func (b *budget) spend(texts ...string) bool {
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	if b.parts < 1 || b.bytes < size {
		return false
	}
	b.parts, b.bytes = b.parts-1, b.bytes-size
	return true
}

func (b *budget) take(all []Options, depth int) []lti.ToolExtension {
	var kept []lti.ToolExtension
	for _, o := range all {
		if depth > lti.MaxExtensionDepth || lti.CheckID(o.Name) != nil || !b.spend(o.Name) {
			b.left++
			continue
		}
		e := lti.ToolExtension{Name: o.Name}
		for _, name := range slices.Sorted(maps.Keys(o.Properties)) {
			value := o.Properties[name]
			if lti.CheckID(name) != nil || len(value) > lti.MaxAbout || !b.spend(name, value) {
				b.left++
				continue
			}
			if e.Properties == nil {
				e.Properties = make(map[string]string)
			}
			e.Properties[name] = value
		}
		e.Options = b.take(o.Options, depth+1)
		if len(e.Properties)+len(e.Options) == 0 && len(o.Properties)+len(o.Options) > 0 {
			continue // nothing of it is kept
		}
		kept = append(kept, e)
	}
	return kept
}

// extend puts into the link what the tool keeps for platforms. What the tool
// itself says of Canvas and its placements stands.
func (l *Link) extend(all []lti.ToolExtension) {
	for _, e := range all {
		if e.Name != canvasPlatform {
			l.Extensions = append(l.Extensions, optionsOf(e))
			continue
		}
		var r reader
		var kept Canvas
		r.canvas(&kept, optionsOf(e))
		own := l.Canvas
		l.Canvas.Settings, l.Canvas.Domain = kept.Settings, kept.Domain
		l.Canvas.URL, l.Canvas.Custom = "", nil
		l.Canvas.Width, l.Canvas.Height, l.Canvas.WindowTarget = own.Width, own.Height, own.WindowTarget
		for i, p := range l.Canvas.Placements {
			for _, q := range kept.Placements {
				if p.Name == q.Name {
					l.Canvas.Placements[i].More, l.Canvas.Placements[i].MoreOptions = q.More, q.MoreOptions
				}
			}
		}
	}
}

func optionsOf(e lti.ToolExtension) Options {
	o := Options{Name: e.Name, Properties: maps.Clone(e.Properties)}
	for _, inner := range e.Options {
		o.Options = append(o.Options, optionsOf(inner))
	}
	return o
}
