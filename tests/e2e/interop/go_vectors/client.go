package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"time"
)

// The client under test. Replace it with your own.

type (
	deviceError   struct{ Code int }   // the module returned an error
	invalidAnswer struct{ Status int } // the response is invalid
	answerLost    struct{ error }      // there is no complete response: the call may have been applied
	invalidInput  struct{ name string }
)

func (e deviceError) Error() string { return fmt.Sprintf("the module returned code %d", e.Code) }
func (e invalidAnswer) Error() string {
	return fmt.Sprintf("invalid response with HTTP status %d", e.Status)
}
func (e invalidInput) Error() string { return "invalid argument: " + e.name }

type settings struct {
	FieldNames string   `json:"fieldNames"` // "id", "item_id", or else both (A1)
	PartName   *string  `json:"partName"`   // the name of the part in an upload (A4); null for no name
	Retries    int      `json:"retries"`    // of lost calls that may be repeated
	Timeout    *float64 `json:"timeout"`    // in seconds
}

type client struct {
	url      string
	http     *http.Client
	settings settings
}

func newClient(url string, settings settings) client {
	timeout := 5 * time.Second
	if settings.Timeout != nil {
		timeout = time.Duration(*settings.Timeout * float64(time.Second))
	}
	// The module connects over USB, so a proxy of the environment cannot reach it. A redirect is not a response.
	refuse := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client{url, &http.Client{Transport: &http.Transport{}, CheckRedirect: refuse, Timeout: timeout}, settings}
}

// The results. encoding/json leaves a missing field empty, and ignores unknown ones.
type (
	deviceInfo struct {
		ClientID     string  `json:"clientID"`
		ClientName   *string `json:"clientName"`
		Engine       string  `json:"engine"`
		Firmware     string  `json:"firmware"`
		LearnMode    float64 `json:"learnMode"` // 1.0 is an integer too
		MasterIP     *string `json:"masterIP"`
		MasterSN     *string `json:"masterSN"`
		SDK          string  `json:"sdk"`
		SN           string  `json:"sn"`
		SoldOutLimit float64 `json:"soldOutLimit"`
		Sync         string  `json:"sync"`
		SyncMode     string  `json:"syncMode"`
	}
	area struct {
		Left   float64 `json:"left"`
		Top    float64 `json:"top"`
		Width  float64 `json:"width"`
		Height float64 `json:"height"`
	}
	learnMode struct {
		Mode float64 `json:"mode"`
	}
	product struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	registeredItem struct {
		ID      string `json:"id"`
		ImageID string `json:"image_id"`
		Name    string `json:"name"`
	}
	registeredImage struct {
		Image   string `json:"image"`
		ImageID string `json:"image_id"`
	}
	recognition struct {
		Items []struct {
			ID    string  `json:"id"`
			Score float64 `json:"score"`
		} `json:"items"`
		SID string `json:"sid"`
	}
	status struct {
		Filename string   `json:"filename"`
		Msg      string   `json:"msg"`
		Status   *float64 `json:"status"`
	}
)

type operation struct {
	name      string // of the path
	mayRepeat bool   // its effect (x-effect) is read or set
	read      func(response, error) (any, error)
}

var operations = map[string]operation{
	"getDeviceInfo":         {"get_device_info", true, readData[deviceInfo]},
	"getCalib":              {"get_calib", true, readArea},
	"getLearnmode":          {"get_learnmode", true, readData[learnMode]},
	"getResult":             {"get_result", true, readData[recognition]},
	"getItemList":           {"get_item_list", true, readList[product]},
	"getRegisteredItemList": {"get_registered_item_list", true, readList[registeredItem]},
	"getBackupStatus":       {"get_backup_status", true, readStatus},
	"getRestoreStatus":      {"get_restore_status", true, readStatus},
	"getImage":              {"get_image", true, readPicture},
	"setCalib":              {"set_calib", true, readNothing},
	"setLearnmode":          {"set_learnmode", true, readNothing},
	"registerItem":          {"register_item", false, readData[registeredImage]},
	"commitRegisteredItem":  {"commit_registered_item", false, readNothing},
	"deleteRegisteredItem":  {"delete_registered_item", false, readNothing},
	"deleteRegisteredImage": {"delete_registered_image", false, readNothing},
	"resultFeedback":        {"result_feedback", false, readNothing},
	"reboot":                {"reboot", false, readNothing},
	"resetDevice":           {"reset_device", false, readNothing},
	"startBackup":           {"start_backup", false, readNothing},
}

// call makes a call with the names of the contract, and returns its result.
func (c client) call(name string, arguments map[string]any) (any, error) {
	if err := check(name, arguments); err != nil {
		return nil, err
	}
	switch name {
	case "downloadBackup":
		path := "/download/" + url.PathEscape(arguments["filename"].(string))
		return readFile(c.send(http.MethodGet, path, "", nil, true))
	case "startRestore":
		response, err := c.restore("/api/start_restore", arguments["file"].(file))
		code, _ := readCode(response.body)
		if err == nil && (code == -6117 || response.status == 404 || response.status == 405) {
			// The module does not know the path: try the other one once (A3).
			response, err = c.restore("/api/restore", arguments["file"].(file))
		}
		return readNothing(response, err)
	case "startRestoreAlias":
		return readNothing(c.restore("/api/restore", arguments["file"].(file)))
	}
	operation := operations[name]
	return operation.read(c.post(operation.name, c.named(arguments), operation.mayRepeat))
}

// check rejects what the contract does not allow.
func check(operation string, arguments map[string]any) error {
	number := func(name string) float64 { value, _ := arguments[name].(float64); return value }
	for name, value := range arguments {
		if value == "" || name == "intop" && value != true && value != false {
			return invalidInput{name}
		}
		if upload, isFile := value.(file); isFile && len(upload.content) == 0 {
			return invalidInput{name}
		}
	}
	if operation == "setCalib" && (number("left") < 0 || number("top") < 0 || number("width") < 1 || number("height") < 1 ||
		number("left")+number("width") > 1280 || number("top")+number("height") > 720) {
		return invalidInput{"area"}
	}
	if operation == "setLearnmode" && number("mode") != 0 && number("mode") != 1 {
		return invalidInput{"mode"}
	}
	return nil
}

// named adds or replaces the names of the vendor's table (A1).
func (c client) named(arguments map[string]any) map[string]any {
	fields := map[string]any{}
	for name, value := range arguments {
		isShared := name == "id" || name == "name"
		if !isShared || c.settings.FieldNames != "item_id" {
			fields[name] = value
		}
		if isShared && c.settings.FieldNames != "id" {
			fields["item_"+name] = value
		}
	}
	return fields
}

type response struct {
	status int
	body   []byte
}

func (c client) post(name string, fields map[string]any, mayRepeat bool) (response, error) {
	if len(fields) == 0 {
		return c.send(http.MethodPost, "/api/"+name, "", nil, mayRepeat)
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return response{}, err
	}
	return c.send(http.MethodPost, "/api/"+name, "application/json", body, mayRepeat)
}

// restore uploads a file.
func (c client) restore(path string, upload file) (response, error) {
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	disposition := "form-data"
	if c.settings.PartName != nil {
		disposition += fmt.Sprintf("; name=%q", *c.settings.PartName)
	}
	part, _ := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf("%s; filename=%q", disposition, upload.name)},
		"Content-Type":        {"application/octet-stream"},
	})
	part.Write(upload.content)
	form.Close()
	return c.send(http.MethodPost, path, form.FormDataContentType(), body.Bytes(), false)
}

func (c client) send(method, path, contentType string, body []byte, mayRepeat bool) (response, error) {
	retries := 0
	if mayRepeat {
		retries = c.settings.Retries
	}
	for ; ; retries-- {
		answer, err := c.sendOnce(method, path, contentType, body)
		if err == nil || retries <= 0 {
			return answer, err
		}
	}
}

func (c client) sendOnce(method, path, contentType string, body []byte) (response, error) {
	request, err := http.NewRequest(method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return response{}, err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return response{}, answerLost{err}
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return response{}, answerLost{err}
	}
	return response{answer.StatusCode, content}, nil
}

// readCode returns the code of a response. It is an integer, which can have the form 0.0.
func readCode(body []byte) (code int, isEnvelope bool) {
	var envelope struct{ Code *float64 }
	if json.Unmarshal(body, &envelope) != nil || envelope.Code == nil || *envelope.Code != math.Trunc(*envelope.Code) {
		return 0, false
	}
	return int(*envelope.Code), true
}

// readFields checks the code before the HTTP status, and returns the fields of a response.
func readFields[T any](response response, err error) (fields T, _ error) {
	if err != nil {
		return fields, err
	}
	code, isEnvelope := readCode(response.body)
	if isEnvelope && code != 0 {
		return fields, deviceError{code}
	}
	if !isEnvelope || response.status != http.StatusOK || json.Unmarshal(response.body, &fields) != nil {
		return fields, invalidAnswer{response.status}
	}
	return fields, nil
}

func readData[T any](response response, err error) (any, error) {
	envelope, err := readFields[struct{ Data *T }](response, err)
	if err == nil && envelope.Data == nil {
		return nil, invalidAnswer{response.status}
	}
	return envelope.Data, err
}

// readArea returns zeros for a module that was never calibrated: its data is null or absent.
func readArea(response response, err error) (any, error) {
	envelope, err := readFields[struct{ Data area }](response, err)
	return envelope.Data, err
}

func readList[T any](response response, err error) (any, error) {
	envelope, err := readFields[struct{ Data []T }](response, err)
	return append([]T{}, envelope.Data...), err
}

func readStatus(response response, err error) (any, error) {
	fields, err := readFields[status](response, err)
	if err == nil && fields.Status == nil {
		return nil, invalidAnswer{response.status}
	}
	return fields, err
}

func readNothing(response response, err error) (any, error) {
	_, err = readFields[struct{}](response, err)
	return nil, err
}

func readPicture(response response, err error) (any, error) {
	isComplete := bytes.HasPrefix(response.body, []byte("\xFF\xD8\xFF")) && bytes.Contains(response.body, []byte("\xFF\xD9"))
	return readBytes(response, err, isComplete)
}

func readFile(response response, err error) (any, error) {
	_, isEnvelope := readCode(response.body)
	return readBytes(response, err, !isEnvelope)
}

// readBytes returns the body of a binary response, which can be a JSON error instead (A10).
func readBytes(response response, err error, isBinary bool) (any, error) {
	if err == nil && response.status == http.StatusOK && isBinary {
		return response.body, nil
	}
	if _, err = readFields[struct{}](response, err); err == nil {
		err = invalidAnswer{response.status}
	}
	return nil, err
}
