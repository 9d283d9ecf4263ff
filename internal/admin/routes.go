package admin

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/ltihub/ltihub/web"
)

// Handler is the one route table of the pages. It wants http.CrossOriginProtection,
// a limit on bodies and Sessions.Middleware around it. HEAD is answered as GET.
func (p *People) Handler() http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.GetHead)
	r.NotFound(p.anyone(p.missing))
	r.MethodNotAllowed(p.anyone(p.wrongMethod))

	// Coming and going.
	r.Get(web.HomePath, p.anyone(p.home))
	r.Get(web.LoginPath, p.anyone(p.askLogin))
	r.Post(web.LoginPath, p.anyone(p.login))
	r.Post(web.LogoutPath, p.anyone(p.logout))
	r.Post(web.OpenPath, p.open)
	r.Post(web.SwitchPath, p.known(p.switchPerson))
	r.Post(web.ChoosePath, p.known(p.choose))
	r.Get("/pass/{id}", p.anyone(p.pass))
	r.Post("/pass/{id}", p.anyone(p.redeemPass))
	r.Get(web.AccountPath, p.anyone(p.askAccount))
	r.Post(web.AccountPath, p.anyone(p.bindAccount))
	r.Get(web.CopyPath, p.known(p.askCopy))
	r.Post(web.CopyPath, p.known(p.settleCopy))

	// Courses.
	r.Route("/courses/{domain}/{course}", func(r chi.Router) {
		r.Use(middleware.GetHead) // it stops at the mount of a router
		r.Get("/", p.known(p.course))
		r.Get("/l/{link}", p.known(p.launch))
		r.Get("/add/{tool}", p.known(p.addFrom))
		r.Get("/results", p.known(p.results))
		r.Get("/members", p.known(p.members))
		r.Get("/members/preview", p.known(p.roster))
		r.Post("/members/preview", p.known(p.previewRoster))
		r.Post("/members/sync", p.known(p.syncRoster))
		r.Post("/members/confirm", p.known(p.confirmRoster))
		r.Get("/members/of/{username}", p.known(p.member))
		r.Post("/members/of/{username}", p.known(p.changeMember))
		r.Get("/edit/menu", p.known(p.askMenu))
		r.Post("/edit/menu", p.known(p.setMenu))
		r.Get("/gradebook", p.known(p.gradebook))
		r.Get("/gradebook.csv", p.known(p.gradebookCSV))
		r.Get("/gradebook/{link}/{username}", p.known(p.grade))
		r.Post("/gradebook/{link}/{username}/override", p.known(p.override))
		r.Post("/gradebook/{link}/{username}/lift", p.known(p.lift))
		r.Post("/gradebook/{link}/{username}/resend", p.known(p.resendGrade))
		p.editing(r)
	})

	// Support, by a link.
	r.Get(web.SupportPath+"/{token}", p.anyone(p.support))

	// Admins.
	p.admins(r)
	return r
}

func (p *People) admins(r chi.Router) {
	// How it goes.
	r.Get(web.AdminPath, p.admin(p.overview))
	r.Get(web.LaunchRecordsPath, p.admin(p.launchRecords))
	r.Get(web.LaunchRecordsPath+"/{id}", p.admin(p.launchRecord))
	r.Post(web.LaunchRecordsPath+"/{id}/share", p.admin(p.share))
	r.Post(web.LaunchRecordsPath+"/{id}/unshare", p.admin(p.unshare))
	r.Get(web.DeliveriesPath, p.admin(p.deliveries))
	r.Post(web.DeliveriesPath+"/resend", p.admin(p.resendAll))
	r.Get(web.DeliveriesPath+"/batches/{id}", p.admin(p.batch))
	r.Get(web.DeliveriesPath+"/{id}", p.admin(p.delivery))
	r.Post(web.DeliveriesPath+"/{id}/resend", p.admin(p.resend))

	p.setUp(r)
	p.serverPages(r)
}

// setUp are the pages that change who launches what.
func (p *People) setUp(r chi.Router) {
	r.Get(web.ConsumersPath, p.admin(p.consumers))
	r.Get(web.NewConsumerPath, p.admin(p.askConsumer))
	r.Post(web.NewConsumerPath, p.admin(p.newConsumer))
	r.Get(web.ConsumersPath+"/{domain}/{id}", p.admin(p.consumer))
	r.Get(web.ConsumersPath+"/{domain}/{id}/edit", p.admin(p.editConsumer))
	r.Post(web.ConsumersPath+"/{domain}/{id}/edit", p.admin(p.saveConsumer))
	r.Get(web.ConsumersPath+"/{domain}/{id}/first", p.admin(p.firstLaunch))
	r.Post(web.ConsumersPath+"/{domain}/{id}/try", p.admin(p.tryConsumer))
	r.Post(web.ConsumersPath+"/{domain}/{id}/switch", p.admin(p.switchConsumer))
	r.Post(web.ConsumersPath+"/{domain}/{id}/remove", p.admin(p.removeConsumer))
	r.Post(web.ConsumersPath+"/{domain}/{id}/secret", p.admin(p.newSecret))
	r.Post(web.ConsumersPath+"/{domain}/{id}/roles", p.admin(p.mapRole))
	r.Get(web.ToolsPath, p.admin(p.tools))
	r.Get(web.ImportToolPath, p.admin(p.askCartridge))
	r.Post(web.ImportToolPath, p.admin(p.readCartridge))
	r.Post(web.ImportToolPath+"/save", p.admin(p.saveCartridge))
	r.Get(web.NewToolPath, p.admin(p.askTool))
	r.Post(web.NewToolPath, p.admin(p.newTool))
	r.Get(web.ToolsPath+"/{domain}/{id}", p.admin(p.tool))
	r.Get(web.ToolsPath+"/{domain}/{id}/edit", p.admin(p.editTool))
	r.Post(web.ToolsPath+"/{domain}/{id}/edit", p.admin(p.saveTool))
	r.Post(web.ToolsPath+"/{domain}/{id}/test", p.admin(p.testTool))
	r.Post(web.ToolsPath+"/{domain}/{id}/switch", p.admin(p.switchTool))
	r.Post(web.ToolsPath+"/{domain}/{id}/remove", p.admin(p.removeTool))
	r.Get(web.ToolsPath+"/{domain}/{id}/cartridge.xml", p.admin(p.toolCartridge))
	r.Post(web.ToolsPath+"/{domain}/{id}/ids", p.admin(p.changeIDs))
	r.Get(web.AdminCoursesPath, p.admin(p.courses))
	r.Get(web.NewCoursePath, p.admin(p.askCourse))
	r.Post(web.NewCoursePath, p.admin(p.newCourse))
	r.Get(web.AdminCoursesPath+"/{domain}/{course}", p.admin(p.editCourse))
	r.Post(web.AdminCoursesPath+"/{domain}/{course}", p.admin(p.saveCourse))
	r.Get(web.DomainsPath, p.admin(p.domains))
	r.Get(web.NewDomainPath, p.admin(p.askDomain))
	r.Post(web.NewDomainPath, p.admin(p.newDomain))
	r.Get(web.DomainsPath+"/{domain}", p.admin(p.editDomain))
	r.Post(web.DomainsPath+"/{domain}", p.admin(p.saveDomain))
	r.Get(web.AdminCoursesPath+"/{domain}/{course}/tools/{id}", p.admin(p.tool))
	r.Get(web.AdminCoursesPath+"/{domain}/{course}/tools/{id}/cartridge.xml", p.admin(p.toolCartridge))
	r.Post(web.AdminCoursesPath+"/{domain}/{course}/tools/{id}/ids", p.admin(p.changeIDs))
	r.Get(web.UsersPath, p.admin(p.users))
	r.Get(web.UsersPath+"/{domain}/{username}", p.admin(p.user))
	p.persons(r)
}

// serverPages are those about the server itself.
func (p *People) serverPages(r chi.Router) {
	r.Get(web.SettingsPath, p.admin(p.settings))
	r.Post(web.BackupPath, p.admin(p.backup))
	r.Get(web.ManifestPath, p.admin(p.manifest))
	r.Post(web.ManifestPath, p.admin(p.applyManifest))
	r.Get(web.ManifestPath+"/export", p.admin(p.exportManifest))
	r.Get(web.TokensPath, p.admin(p.tokens))
	r.Post(web.TokensPath, p.admin(p.newToken))
	r.Post(web.TokensPath+"/revoke", p.admin(p.revokeToken))
	r.Get(web.AuditPath, p.admin(p.audit))
}

// persons are the routes of what an admin does to people.
func (p *People) persons(r chi.Router) {
	const one = web.UsersPath + "/{domain}/{username}"
	r.Get(web.NewUserPath, p.admin(p.askPerson))
	r.Post(web.NewUserPath, p.admin(p.makePerson))
	r.Get(one+"/edit", p.admin(p.editPerson))
	r.Post(one+"/edit", p.admin(p.changePerson))
	r.Post(one+"/sessions", p.admin(p.endSessions))
	r.Post(one+"/bindings", p.admin(p.changeBinding))
	r.Get(one+"/merge", p.admin(p.askMerge))
	r.Post(one+"/merge", p.admin(p.merge))
	r.Post(one+"/undo", p.admin(p.undoMerge))
	r.Get(web.AlikePath, p.admin(p.alike))
	r.Get(web.DirectoriesPath, p.admin(p.directories))
	r.Post(web.DirectoriesPath+"/{domain}", p.admin(p.readDirectory))
	r.Post(web.DirectoriesPath+"/{domain}/apply", p.admin(p.applyDirectory))
	r.Post(web.DirectoriesPath+"/{domain}/test", p.admin(p.testDirectory))
}
